/* The functions of levenshtein.h by those of lev.h, the C interface of the
 * Rust kernels.  A kernel_text is a lev_text here, so texts pass as they are.
 */

#include "levenshtein.h"
#include "lev.h"

#include <stdio.h>
#include <stdlib.h>

/* --- Pairs --------------------------------------------------------------- */

/* A failure that is not for want of memory would be a bug, whose message went
 * to standard error.  The glue knows one failure only. */
static uint32_t
distance_from(int64_t number)
{
    return number < 0 ? KERNEL_NO_MEMORY : (uint32_t)number;
}

uint32_t
kernel_distance(kernel_text a, kernel_text b)
{
    return distance_from(lev_text_distance(a, b));
}

uint32_t
kernel_distance_myers(kernel_text a, kernel_text b)
{
    return distance_from(lev_text_distance_myers(a, b));
}

uint32_t
kernel_distance_repeated(kernel_text a, kernel_text b, int64_t runs)
{
    return distance_from(lev_text_distance_repeated(a, b, (uint64_t)runs));
}

uint32_t
kernel_distance_myers_repeated(kernel_text a, kernel_text b, int64_t runs)
{
    return distance_from(
        lev_text_distance_myers_repeated(a, b, (uint64_t)runs));
}

/* --- Dictionary ---------------------------------------------------------- */

struct kernel_dictionary {
    lev_dictionary *words;
    size_t count;
};

kernel_dictionary *
kernel_dictionary_new(const kernel_text *words, size_t count)
{
    kernel_dictionary *dictionary = malloc(sizeof(*dictionary));
    if (dictionary == NULL) {
        return NULL;
    }
    *dictionary = (kernel_dictionary){.count = count};
    if (lev_text_dictionary_new(words, count, &dictionary->words)
        != LEV_STATUS_OK) {
        free(dictionary);
        return NULL;
    }
    return dictionary;
}

size_t
kernel_dictionary_count(const kernel_dictionary *dictionary)
{
    return dictionary->count;
}

void
kernel_dictionary_free(kernel_dictionary *dictionary)
{
    if (dictionary == NULL) {
        return;
    }
    lev_dictionary_free(&dictionary->words);
    free(dictionary);
}

/* --- Search -------------------------------------------------------------- */

struct kernel_search {
    lev_search *search;
    const lev_dictionary *dictionary; /* or NULL, then these: */
    const kernel_text *words;
    size_t count;
    lev_found found; /* once the search is finished */
};

/* Returns room for a search, or NULL. */
static kernel_search *
search_new(const kernel_dictionary *dictionary, const kernel_text *words,
           size_t count)
{
    kernel_search *search = malloc(sizeof(*search));
    if (search == NULL) {
        return NULL;
    }
    *search = (kernel_search){.words = words, .count = count};
    if (dictionary != NULL) {
        search->dictionary = dictionary->words;
    }
    return search;
}

/* Returns the search if it could be filled, or frees it. */
static kernel_search *
search_if(lev_status status, kernel_search *search)
{
    if (status != LEV_STATUS_OK) {
        kernel_search_free(search);
        return NULL;
    }
    return search;
}

kernel_search *
kernel_search_words(kernel_text query, const kernel_text *words, size_t count)
{
    kernel_search *search = search_new(NULL, words, count);
    if (search == NULL) {
        return NULL;
    }
    return search_if(lev_text_search_distances(query, count, &search->search),
                     search);
}

kernel_search *
kernel_search_all(kernel_text query, const kernel_dictionary *dictionary)
{
    kernel_search *search = search_new(dictionary, NULL, 0);
    if (search == NULL) {
        return NULL;
    }
    return search_if(
        lev_text_search_distances(query, dictionary->count, &search->search),
        search);
}

kernel_search *
kernel_search_nearest(kernel_text query, const kernel_dictionary *dictionary,
                      size_t limit)
{
    kernel_search *search = search_new(dictionary, NULL, 0);
    if (search == NULL) {
        return NULL;
    }
    return search_if(lev_text_search_nearest(query, limit, &search->search),
                     search);
}

static kernel_search_state
state_from(lev_status status, const kernel_search *search)
{
    if (status != LEV_STATUS_OK) {
        return KERNEL_SEARCH_FAILED;
    }
    return search->found.numbers == NULL ? KERNEL_SEARCH_GOES_ON
                                         : KERNEL_SEARCH_IS_FINISHED;
}

kernel_search_state
kernel_search_step(kernel_search *search)
{
    lev_status status =
        search->dictionary != NULL
            ? lev_search_step(search->search, search->dictionary,
                              &search->found)
            : lev_text_search_step(search->search, search->words,
                                   search->count, &search->found);
    return state_from(status, search);
}

const uint32_t *
kernel_search_distances(const kernel_search *search)
{
    return search->found.numbers;
}

/* How the kernel was compiled, for build_info. */
const char *kernel_compiled_with(void);

const char *
kernel_compiled_with(void)
{
    static char text[1024];
    if (text[0] == '\0') {
        snprintf(text, sizeof text, "%s, %s", lev_compiler(), lev_flags());
    }
    return text;
}

struct predicate {
    kernel_predicate *is_wanted;
    void *context;
};

/* Where the predicate says 0 for no, lev_keep says 2. */
static int32_t
keep(void *context, uint32_t distance, uint32_t index)
{
    struct predicate *predicate = context;
    int wanted = predicate->is_wanted(predicate->context, distance, index);
    return wanted == 0 ? 2 : wanted;
}

kernel_search_state
kernel_search_filter(kernel_search *search, size_t limit,
                     kernel_predicate *is_wanted, void *context)
{
    struct predicate predicate = {.is_wanted = is_wanted, .context = context};
    return state_from(lev_search_nearest_where(search->search, limit, keep,
                                               &predicate, NULL,
                                               &search->found),
                      search);
}

/* The nearest words are found as one array of a distance, an index, a
 * distance, and so on. */

size_t
kernel_search_found(const kernel_search *search)
{
    return search->found.count / 2;
}

kernel_neighbour
kernel_search_neighbour(const kernel_search *search, size_t position)
{
    const uint32_t *pair = search->found.numbers + 2 * position;
    return (kernel_neighbour){.distance = pair[0], .index = pair[1]};
}

void
kernel_search_free(kernel_search *search)
{
    if (search == NULL) {
        return;
    }
    lev_search_free(&search->search);
    free(search);
}
