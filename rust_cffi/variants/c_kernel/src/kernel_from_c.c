/* The C interface of rust_cffi, lev.h, over the C kernel of c_ext.
 *
 * What lev.h asks for is described there.  The functions without a kernel are
 * written as in Rust, and so are the checks; whatever differs in speed above
 * them is the kernel's.
 */

#define _POSIX_C_SOURCE 1 /* pause */

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lev.h"
#include "levenshtein.h"

struct lev_dictionary {
    kernel_dictionary *words;
};

/* The kernel wants to know the words when a search is created, lev.h tells
 * them with each step.  So the kernel's search begins with the first step, and
 * until then there is a copy of the query. */
struct lev_search {
    kernel_search *search; /* NULL before the first step */
    bool nearest;          /* whether not all distances are wanted */
    bool finished;
    size_t limit;
    uint32_t *pairs; /* what a finished search for the nearest has found */
    uint32_t query_length;
    lev_code_point query[];
};

/* --- Texts --------------------------------------------------------------- */

static lev_status
make_text(const void *data, size_t length, uint32_t width, kernel_text *text)
{
    if (length > KERNEL_MAX_LENGTH) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    /* lev.h allows an empty string to be NULL, the kernel does not. */
    text->data = length > 0 ? data : "";
    text->length = (uint32_t)length;
    text->width = width;
    return LEV_STATUS_OK;
}

static int64_t
number_from(uint32_t distance)
{
    if (distance == KERNEL_NO_MEMORY) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    return distance;
}

/* --- Pairs --------------------------------------------------------------- */

static int64_t
pair_length(size_t a_length, size_t b_length)
{
    if (a_length > KERNEL_MAX_LENGTH || b_length > KERNEL_MAX_LENGTH) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    return (int64_t)(a_length + b_length);
}

int64_t
lev_pair_length_latin1(const uint8_t *a, size_t a_length, const uint8_t *b,
                       size_t b_length)
{
    (void)a, (void)b;
    return pair_length(a_length, b_length);
}

int64_t
lev_pair_length_ucs4(const lev_code_point *a, size_t a_length,
                     const lev_code_point *b, size_t b_length)
{
    (void)a, (void)b;
    return pair_length(a_length, b_length);
}

static int64_t
once(uint32_t kernel(kernel_text, kernel_text), const void *a, size_t a_length,
     const void *b, size_t b_length, uint32_t width)
{
    kernel_text x, y;
    lev_status status = make_text(a, a_length, width, &x);
    if (status == LEV_STATUS_OK) {
        status = make_text(b, b_length, width, &y);
    }
    return status == LEV_STATUS_OK ? number_from(kernel(x, y)) : status;
}

int64_t
lev_distance_latin1(const uint8_t *a, size_t a_length, const uint8_t *b,
                    size_t b_length)
{
    return once(kernel_distance, a, a_length, b, b_length, 1);
}

int64_t
lev_distance_ucs4(const lev_code_point *a, size_t a_length,
                  const lev_code_point *b, size_t b_length)
{
    return once(kernel_distance, a, a_length, b, b_length, 4);
}

int64_t
lev_distance_myers_latin1(const uint8_t *a, size_t a_length, const uint8_t *b,
                          size_t b_length)
{
    return once(kernel_distance_myers, a, a_length, b, b_length, 1);
}

int64_t
lev_distance_myers_ucs4(const lev_code_point *a, size_t a_length,
                        const lev_code_point *b, size_t b_length)
{
    return once(kernel_distance_myers, a, a_length, b, b_length, 4);
}

static int64_t
repeated(uint32_t kernel(kernel_text, kernel_text, int64_t), const void *a,
         size_t a_length, const void *b, size_t b_length, uint32_t width,
         uint64_t n)
{
    kernel_text x, y;
    lev_status status = make_text(a, a_length, width, &x);
    if (status == LEV_STATUS_OK) {
        status = make_text(b, b_length, width, &y);
    }
    if (status == LEV_STATUS_OK && (n < 1 || n > INT64_MAX)) {
        status = LEV_STATUS_INVALID_ARGUMENT;
    }
    return status == LEV_STATUS_OK ? number_from(kernel(x, y, (int64_t)n))
                                   : status;
}

int64_t
lev_distance_repeated_latin1(const uint8_t *a, size_t a_length,
                             const uint8_t *b, size_t b_length, uint64_t n)
{
    return repeated(kernel_distance_repeated, a, a_length, b, b_length, 1, n);
}

int64_t
lev_distance_repeated_ucs4(const lev_code_point *a, size_t a_length,
                           const lev_code_point *b, size_t b_length,
                           uint64_t n)
{
    return repeated(kernel_distance_repeated, a, a_length, b, b_length, 4, n);
}

int64_t
lev_distance_myers_repeated_latin1(const uint8_t *a, size_t a_length,
                                   const uint8_t *b, size_t b_length,
                                   uint64_t n)
{
    return repeated(kernel_distance_myers_repeated, a, a_length, b, b_length,
                    1, n);
}

int64_t
lev_distance_myers_repeated_ucs4(const lev_code_point *a, size_t a_length,
                                 const lev_code_point *b, size_t b_length,
                                 uint64_t n)
{
    return repeated(kernel_distance_myers_repeated, a, a_length, b, b_length,
                    4, n);
}

/* --- Dictionary ---------------------------------------------------------- */

/* Whether the lengths add up, and none is too long. */
static lev_status
check_lengths(const uint64_t *lengths, size_t count, size_t text_length)
{
    for (size_t i = 0; i < count; i++) {
        if (lengths[i] > text_length) {
            return LEV_STATUS_INVALID_ARGUMENT;
        }
        if (lengths[i] > KERNEL_MAX_LENGTH) {
            return LEV_STATUS_OUT_OF_MEMORY;
        }
        text_length -= lengths[i];
    }
    return text_length == 0 ? LEV_STATUS_OK : LEV_STATUS_INVALID_ARGUMENT;
}

/* Writes a word to `place`, in the narrowest width that holds it. */
static kernel_text
narrow(const lev_code_point *word, uint32_t length, void *place)
{
    lev_code_point all = 0; /* Has the highest bit of the largest one. */
    for (uint32_t i = 0; i < length; i++) {
        all |= word[i];
    }
    if (all < 0x100) {
        uint8_t *units = place;
        for (uint32_t i = 0; i < length; i++) {
            units[i] = (uint8_t)word[i];
        }
        return (kernel_text){.data = place, .length = length, .width = 1};
    }
    if (all < 0x10000) {
        uint16_t *units = place;
        for (uint32_t i = 0; i < length; i++) {
            units[i] = (uint16_t)word[i];
        }
        return (kernel_text){.data = place, .length = length, .width = 2};
    }
    return (kernel_text){.data = word, .length = length, .width = 4};
}

/* `scratch` is NULL for Latin-1; otherwise it is as large as the text, and
 * each word has its place there. */
static lev_status
dictionary_new(const void *text, size_t text_length, uint32_t width,
               const uint64_t *lengths, size_t count, char *scratch,
               lev_dictionary **dictionary)
{
    lev_status status = check_lengths(lengths, count, text_length);
    if (status != LEV_STATUS_OK) {
        return status;
    }
    if (count > KERNEL_MAX_LENGTH || count > SIZE_MAX / sizeof(kernel_text)) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    lev_dictionary *made = malloc(sizeof(*made));
    /* One more, so that there is something to allocate. */
    kernel_text *words = calloc(count + 1, sizeof(*words));
    if (made == NULL || words == NULL) {
        goto error;
    }
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t length = (uint32_t)lengths[i];
        if (length == 0) {
            words[i] = (kernel_text){.data = "", .length = 0, .width = 1};
        }
        else if (width == 1) {
            words[i] = (kernel_text){.data = (const uint8_t *)text + start,
                                     .length = length,
                                     .width = 1};
        }
        else {
            words[i] = narrow((const lev_code_point *)text + start, length,
                              scratch + start * sizeof(lev_code_point));
        }
        start += length;
    }
    made->words = kernel_dictionary_new(words, count);
    if (made->words == NULL) {
        goto error;
    }
    free(words);
    *dictionary = made;
    return LEV_STATUS_OK;

error:
    free(words);
    free(made);
    return LEV_STATUS_OUT_OF_MEMORY;
}

lev_status
lev_dictionary_new_latin1(const uint8_t *text, size_t text_length,
                          const uint64_t *lengths, size_t count,
                          lev_dictionary **dictionary)
{
    return dictionary_new(text, text_length, 1, lengths, count, NULL,
                          dictionary);
}

lev_status
lev_dictionary_new_ucs4(const lev_code_point *text, size_t text_length,
                        const uint64_t *lengths, size_t count,
                        lev_dictionary **dictionary)
{
    char *scratch = calloc(text_length + 1, sizeof(*text));
    if (scratch == NULL) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    lev_status status = dictionary_new(text, text_length, 4, lengths, count,
                                       scratch, dictionary);
    free(scratch);
    return status;
}

void
lev_dictionary_free(lev_dictionary **dictionary)
{
    lev_dictionary *given = *dictionary;
    *dictionary = NULL;
    if (given != NULL) {
        kernel_dictionary_free(given->words);
        free(given);
    }
}

/* --- Search -------------------------------------------------------------- */

static lev_status
search_new(const lev_code_point *query, size_t query_length, bool nearest,
           size_t limit, lev_search **search)
{
    if (query_length > KERNEL_MAX_LENGTH
        || query_length > (SIZE_MAX - sizeof(lev_search)) / sizeof(*query)) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    lev_search *made =
        malloc(sizeof(*made) + query_length * sizeof(*made->query));
    if (made == NULL) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    made->search = NULL;
    made->nearest = nearest;
    made->finished = false;
    made->limit = limit;
    made->pairs = NULL;
    made->query_length = (uint32_t)query_length;
    if (query_length > 0) {
        memcpy(made->query, query, query_length * sizeof(*query));
    }
    *search = made;
    return LEV_STATUS_OK;
}

lev_status
lev_search_distances(const lev_code_point *query, size_t query_length,
                     const lev_dictionary *dictionary, lev_search **search)
{
    (void)dictionary;
    return search_new(query, query_length, false, 0, search);
}

lev_status
lev_search_nearest(const lev_code_point *query, size_t query_length,
                   size_t limit, lev_search **search)
{
    return search_new(query, query_length, true, limit, search);
}

static lev_status
begin(lev_search *search, const lev_dictionary *dictionary)
{
    kernel_text query = {.data = search->query,
                         .length = search->query_length,
                         .width = sizeof(lev_code_point)};
    search->search =
        search->nearest
            ? kernel_search_nearest(query, dictionary->words, search->limit)
            : kernel_search_all(query, dictionary->words);
    return search->search != NULL ? LEV_STATUS_OK : LEV_STATUS_OUT_OF_MEMORY;
}

/* Lays the words that a finished search has found out as pairs of numbers. */
static lev_status
lay_out(lev_search *search)
{
    size_t count = search->limit > 0 ? kernel_search_found(search->search) : 0;
    /* One more, so that there is something to allocate. */
    search->pairs = malloc((2 * count + 1) * sizeof(*search->pairs));
    if (search->pairs == NULL) {
        return LEV_STATUS_OUT_OF_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        kernel_neighbour word = kernel_search_neighbour(search->search, i);
        search->pairs[2 * i] = word.distance;
        search->pairs[2 * i + 1] = word.index;
    }
    search->finished = true;
    return LEV_STATUS_OK;
}

static lev_found
found_pairs(const lev_search *search)
{
    size_t count = search->limit > 0 ? kernel_search_found(search->search) : 0;
    return (lev_found){.numbers = search->pairs, .count = 2 * count};
}

lev_status
lev_search_step(lev_search *search, const lev_dictionary *dictionary,
                lev_found *found)
{
    lev_status status = LEV_STATUS_OK;
    /* The kernel knows no search for nothing. */
    bool nothing = search->nearest && search->limit == 0;
    if (!search->finished && !nothing) {
        if (search->search == NULL) {
            status = begin(search, dictionary);
            if (status != LEV_STATUS_OK) {
                return status;
            }
        }
        switch (kernel_search_step(search->search)) {
        case KERNEL_SEARCH_GOES_ON:
            *found = (lev_found){.numbers = NULL, .count = 0};
            return LEV_STATUS_OK;
        case KERNEL_SEARCH_FAILED:
            return LEV_STATUS_OUT_OF_MEMORY;
        case KERNEL_SEARCH_IS_FINISHED:
            break;
        }
    }
    if (search->nearest) {
        if (!search->finished) {
            status = lay_out(search);
        }
        if (status == LEV_STATUS_OK) {
            *found = found_pairs(search);
        }
        return status;
    }
    search->finished = true;
    *found = (lev_found){.numbers = kernel_search_distances(search->search),
                         .count = kernel_dictionary_count(dictionary->words)};
    return LEV_STATUS_OK;
}

/* The kernel does not say why a filter fails, and takes 0 for no. */
struct predicate {
    lev_keep keep;
    void *context;
    lev_alive alive;
    bool stopped;
};

static int
is_wanted(void *context, uint32_t distance, uint32_t index)
{
    struct predicate *predicate = context;
    while (predicate->alive != NULL && predicate->alive() == 0) {
        pause();
    }
    int32_t answer = predicate->keep(predicate->context, distance, index);
    predicate->stopped = answer != 1 && answer != 2;
    return predicate->stopped ? -1 : answer == 1;
}

lev_status
lev_search_nearest_where(lev_search *search, size_t limit, lev_keep keep,
                         void *context, lev_alive alive, lev_found *found)
{
    if (!search->finished || search->nearest) {
        return LEV_STATUS_INVALID_ARGUMENT;
    }
    search->nearest = true;
    /* The kernel keeps one word at least. */
    search->limit = limit > 0 ? limit : 1;
    struct predicate predicate = {
        .keep = keep, .context = context, .alive = alive};
    kernel_search_state state = kernel_search_filter(
        search->search, search->limit, is_wanted, &predicate);
    while (state == KERNEL_SEARCH_GOES_ON) {
        state = kernel_search_step(search->search);
    }
    if (state == KERNEL_SEARCH_FAILED) {
        return predicate.stopped ? LEV_STATUS_STOPPED
                                 : LEV_STATUS_OUT_OF_MEMORY;
    }
    search->limit = limit;
    lev_status status = lay_out(search);
    if (status == LEV_STATUS_OK) {
        *found = found_pairs(search);
    }
    return status;
}

void
lev_search_free(lev_search **search)
{
    lev_search *given = *search;
    *search = NULL;
    if (given != NULL) {
        kernel_search_free(given->search);
        free(given->pairs);
        free(given);
    }
}

/* --- Without a kernel ---------------------------------------------------- */

void
lev_noop(void)
{
}

void
lev_dictionary_noop(const lev_dictionary *dictionary)
{
    (void)dictionary;
}

int64_t
lev_number(void)
{
    return 7;
}

int64_t
lev_echo(int64_t n)
{
    return n;
}

/* ISO C has no such type; all compilers that CPython is built with have it. */
__extension__ typedef __int128 wide_sum;

lev_sum
lev_sum_five(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e)
{
    wide_sum sum = (wide_sum)a + b + c + d + e;
    if (sum < INT64_MIN || sum > INT64_MAX) {
        return (lev_sum){.sum = 0, .status = LEV_STATUS_OVERFLOW};
    }
    return (lev_sum){.sum = (int64_t)sum, .status = LEV_STATUS_OK};
}

lev_status
lev_fail(void)
{
    return LEV_STATUS_INVALID_ARGUMENT;
}

/* C has no panic that could be caught; this is only the status of one. */
lev_status
lev_panic(void)
{
    return LEV_STATUS_PANIC;
}

static int64_t
total_length(const uint64_t *lengths, size_t count, size_t text_length)
{
    lev_status status = check_lengths(lengths, count, text_length);
    if (status != LEV_STATUS_OK) {
        return status;
    }
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += (int64_t)lengths[i];
    }
    return total;
}

int64_t
lev_total_length_latin1(const uint8_t *text, size_t text_length,
                        const uint64_t *lengths, size_t count)
{
    (void)text;
    return total_length(lengths, count, text_length);
}

int64_t
lev_total_length_ucs4(const lev_code_point *text, size_t text_length,
                      const uint64_t *lengths, size_t count)
{
    (void)text;
    return total_length(lengths, count, text_length);
}

/* Reads number i of a buffer in any alignment. */
static inline int32_t
offset_at(const char *offsets, size_t i)
{
    int32_t offset;
    memcpy(&offset, offsets + i * sizeof(offset), sizeof(offset));
    return offset;
}

int64_t
lev_packed_length(const void *offsets, size_t offset_count,
                  const uint8_t *data, size_t data_length)
{
    if (offset_count == 0) {
        return LEV_STATUS_INVALID_ARGUMENT;
    }
    int32_t start = offset_at(offsets, 0);
    if (start < 0 || (size_t)start > data_length) {
        return LEV_STATUS_INVALID_ARGUMENT;
    }
    int64_t total = 0;
    for (size_t i = 1; i < offset_count; i++) {
        int32_t end = offset_at(offsets, i);
        if (end < start || (size_t)end > data_length) {
            return LEV_STATUS_INVALID_ARGUMENT;
        }
        for (int32_t j = start; j < end; j++) {
            total += (data[j] & 0xc0) != 0x80;
        }
        start = end;
    }
    return total;
}

int64_t
lev_buffer_sum(const void *numbers, size_t count)
{
    const char *places = numbers;
    int64_t total = 0;
    while (count > 0) {
        /* In pieces whose sum fits, so that the loop needs no check. */
        size_t piece = count < (1u << 31) ? count : 1u << 31;
        int64_t sum = 0;
        for (size_t i = 0; i < piece; i++) {
            uint32_t number;
            memcpy(&number, places + i * sizeof(number), sizeof(number));
            sum += number;
        }
        if (sum > INT64_MAX - total) {
            return LEV_STATUS_OVERFLOW;
        }
        total += sum;
        places += piece * sizeof(uint32_t);
        count -= piece;
    }
    return total;
}

void
lev_range_into(void *out, size_t count)
{
    char *places = out;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = (uint32_t)i;
        memcpy(places + i * sizeof(number), &number, sizeof(number));
    }
}

void
lev_range_pairs_into(void *out, size_t count)
{
    char *places = out;
    for (size_t i = 0; i < count; i++) {
        uint32_t pair[2] = {(uint32_t)i, (uint32_t)i};
        memcpy(places + i * sizeof(pair), pair, sizeof(pair));
    }
}

/* --- Build --------------------------------------------------------------- */

const char *
lev_compiler(void)
{
#ifdef __clang__
    return __VERSION__;
#else
    return "gcc " __VERSION__;
#endif
}

const char *
lev_flags(void)
{
    return LEV_C_FLAGS;
}
