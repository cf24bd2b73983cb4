/* The Levenshtein distance between texts, and the search of many words for
 * the ones near a query.  This is the kernel: it knows nothing of Python.
 *
 * All lengths, distances and positions are counted in code points.  No
 * function here has global state, so distinct objects can be used by distinct
 * threads, and a kernel_dictionary, which never changes, by any number of
 * them.
 */
#ifndef LEVENSHTEIN_H
#define LEVENSHTEIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the functions that return a distance return when memory runs out. */
#define KERNEL_NO_MEMORY UINT32_MAX

/* The longest text, and the largest number of words in a dictionary: two
 * texts cannot be further apart than the longer one is long, so every
 * distance stays below KERNEL_NO_MEMORY. */
#define KERNEL_MAX_LENGTH (UINT32_MAX - 1)

/* A text that is read in place and owned by somebody else. */
#ifdef KERNEL_TEXT
/* A kernel in another language may have a type of its own with the members
 * below, to be declared before, so that no array has to be converted. */
typedef KERNEL_TEXT kernel_text;
#else
typedef struct {
    const void *data; /* `length` code points in native byte order, aligned to
                         `width`; never NULL */
    uint32_t length;  /* at most KERNEL_MAX_LENGTH */
    uint32_t width;   /* bytes per code point: 1, 2 or 4 */
} kernel_text;
#endif

/* --- Pairs --------------------------------------------------------------- */

/* Returns the distance between `a` and `b`, or KERNEL_NO_MEMORY.
 *
 * Takes time proportional to a.length * b.length, and two rows of
 * b.length + 1 numbers of 32 bits.
 *
 * Source: R. A. Wagner and M. J. Fischer, "The String-to-String Correction
 * Problem", J. ACM 21 (1974), 168-173. */
uint32_t kernel_distance(kernel_text a, kernel_text b);

/* Returns the distance between `a` and `b`, or KERNEL_NO_MEMORY.
 *
 * Takes time proportional to ceil(a.length / 64) * b.length, 3.5 KiB for each
 * 64 code points of `a`, and, if `a` is longer than that, one byte for each
 * code point of `b`.
 *
 * Source: G. Myers, "A fast bit-vector algorithm for approximate string
 * matching based on dynamic programming", J. ACM 46 (1999), 395-415, in the
 * form of H. Hyyro, "A bit-vector algorithm for computing Levenshtein and
 * Damerau edit distances", Nordic J. Computing 10 (2003), 29-39. */
uint32_t kernel_distance_myers(kernel_text a, kernel_text b);

/* Compute kernel_distance(a, b), or kernel_distance_myers(a, b), `runs` times,
 * at least once, and return it, or KERNEL_NO_MEMORY as soon as one run does.
 *
 * No compiler can merge the runs or move work out of them. */
uint32_t kernel_distance_repeated(kernel_text a, kernel_text b, int64_t runs);
uint32_t kernel_distance_myers_repeated(kernel_text a, kernel_text b,
                                        int64_t runs);

/* --- Dictionary ---------------------------------------------------------- */

/* Copies of words, in one arena for each storage width. */
typedef struct kernel_dictionary kernel_dictionary;

/* Returns a dictionary with copies of words[0..count), where `count` is at
 * most KERNEL_MAX_LENGTH, or NULL if memory runs out.  To be freed with
 * kernel_dictionary_free. */
kernel_dictionary *kernel_dictionary_new(const kernel_text *words,
                                         size_t count);

/* Returns the number of words. */
size_t kernel_dictionary_count(const kernel_dictionary *dictionary);

/* Frees a dictionary, which may be NULL. */
void kernel_dictionary_free(kernel_dictionary *dictionary);

/* --- Search -------------------------------------------------------------- */

/* The comparison of one query with many words by kernel_distance_myers, in
 * steps, so that the caller can look up in between.
 *
 * The words or the dictionary must live as long as the search; the query need
 * not.  The constructors return NULL if memory runs out, and what they return
 * is to be freed with kernel_search_free. */
typedef struct kernel_search kernel_search;

/* Returns a search that computes the distance between `query` and each of
 * words[0..count). */
kernel_search *kernel_search_words(kernel_text query, const kernel_text *words,
                                   size_t count);

/* The same for the words of a dictionary. */
kernel_search *kernel_search_all(kernel_text query,
                                 const kernel_dictionary *dictionary);

/* Like kernel_search_all, but the search keeps only the `limit` nearest words;
 * 1 <= limit. */
kernel_search *kernel_search_nearest(kernel_text query,
                                     const kernel_dictionary *dictionary,
                                     size_t limit);

/* How a step of a search ends: with more to do, at its end, or for want of
 * memory, after which the search can only be freed. */
typedef enum {
    KERNEL_SEARCH_GOES_ON,
    KERNEL_SEARCH_IS_FINISHED,
    KERNEL_SEARCH_FAILED,
} kernel_search_state;

/* Continues a search for at most 2^28 cells of the table of distances, which
 * is 10 to 20 ms.
 *
 * A word of n code points counts 64 * ceil(query.length / 64) * (n + 1) cells.
 * Where the bound falls into a word, the search stops in the middle of it. */
kernel_search_state kernel_search_step(kernel_search *search);

/* Returns the distances that a finished kernel_search_words or
 * kernel_search_all has found, one for each word.  They belong to the
 * search. */
const uint32_t *kernel_search_distances(const kernel_search *search);

/* Says whether a word is wanted: returns 1 or 0, or -1 to give up. */
typedef int kernel_predicate(void *context, uint32_t distance, uint32_t index);

/* Makes a finished kernel_search_all one that keeps the `limit` nearest of the
 * words that are wanted, 1 <= limit: calls is_wanted(context, distance, index)
 * once for each word, in order.  Returns how that ends, like a step; it fails
 * also if the predicate gives up. */
kernel_search_state kernel_search_filter(kernel_search *search, size_t limit,
                                         kernel_predicate *is_wanted,
                                         void *context);

/* A word near the query. */
typedef struct {
    uint32_t distance;
    uint32_t index;
} kernel_neighbour;

/* Returns how many words a finished search has found that keeps the nearest:
 * the smaller one of the limit and the number of words, or of words that were
 * wanted. */
size_t kernel_search_found(const kernel_search *search);

/* Returns one of them.  They ascend by distance, and those at the same
 * distance by index. */
kernel_neighbour kernel_search_neighbour(const kernel_search *search,
                                         size_t position);

/* Frees a search, finished or not, which may be NULL. */
void kernel_search_free(kernel_search *search);

#endif
