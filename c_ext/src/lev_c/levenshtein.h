/* The Levenshtein distance between texts, and the search of many words for
 * the ones near a query.  This is the kernel: it knows nothing of Python.
 *
 * All lengths, distances and positions are counted in code points.  No
 * function here has global state, so distinct objects can be used by distinct
 * threads, and a lev_dictionary, which never changes, by any number of them.
 */
#ifndef LEVENSHTEIN_H
#define LEVENSHTEIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the functions that return a distance return when memory runs out. */
#define LEV_NO_MEMORY UINT32_MAX

/* The longest text, and the largest number of words in a dictionary: two
 * texts cannot be further apart than the longer one is long, so every
 * distance stays below LEV_NO_MEMORY. */
#define LEV_MAX_LENGTH (UINT32_MAX - 1)

/* A text that is read in place and owned by somebody else. */
typedef struct {
    const void *data; /* `length` code points in native byte order, aligned to
                         `width`; never NULL */
    uint32_t length;  /* at most LEV_MAX_LENGTH */
    uint32_t width;   /* bytes per code point: 1, 2 or 4 */
} lev_text;

/* A function from two texts to their distance, or LEV_NO_MEMORY. */
typedef uint32_t lev_distance_function(lev_text a, lev_text b);

/* Returns the distance between `a` and `b`, or LEV_NO_MEMORY.
 *
 * Takes time proportional to a.length * b.length, and two rows of
 * b.length + 1 numbers of 32 bits.
 *
 * Source: R. A. Wagner and M. J. Fischer, "The String-to-String Correction
 * Problem", J. ACM 21 (1974), 168-173. */
lev_distance_function lev_distance;

/* Returns the distance between `a` and `b`, or LEV_NO_MEMORY.
 *
 * Takes time proportional to ceil(a.length / 64) * b.length, 3.5 KiB for each
 * 64 code points of `a`, and, if `a` is longer than that, one byte for each
 * code point of `b`.
 *
 * Source: G. Myers, "A fast bit-vector algorithm for approximate string
 * matching based on dynamic programming", J. ACM 46 (1999), 395-415, in the
 * form of H. Hyyro, "A bit-vector algorithm for computing Levenshtein and
 * Damerau edit distances", Nordic J. Computing 10 (2003), 29-39. */
lev_distance_function lev_distance_myers;

/* Calls function(a, b) `runs` times, at least once, and returns the distance,
 * or LEV_NO_MEMORY as soon as one run does.
 *
 * No compiler can merge the runs or move work out of them. */
uint32_t lev_distance_repeated(lev_distance_function *function, lev_text a,
                               lev_text b, int64_t runs);

/* Copies of words, in one arena for each storage width. */
typedef struct {
    size_t count;
    lev_text *words; /* `count` of them, which point into the arenas */
    void *arenas[3]; /* code points of 1, 2 and 4 bytes */
} lev_dictionary;

/* Returns a dictionary with copies of words[0..count), or NULL if memory runs
 * out.  To be freed with lev_dictionary_free. */
lev_dictionary *lev_dictionary_new(const lev_text *words, size_t count);

/* Frees a dictionary, which may be NULL. */
void lev_dictionary_free(lev_dictionary *dictionary);

/* The comparison of one query with many words by lev_distance_myers, in
 * steps, so that the caller can look up in between. */
typedef struct lev_search lev_search;

/* Returns a search that computes the distance between `query` and each of
 * words[0..count), or NULL if memory runs out.
 *
 * The words must live as long as the search; the query need not.  To be freed
 * with lev_search_free. */
lev_search *lev_search_all(lev_text query, const lev_text *words,
                           size_t count);

/* Like lev_search_all, but the search keeps only the `limit` nearest words;
 * 1 <= limit, and `count` is at most LEV_MAX_LENGTH. */
lev_search *lev_search_nearest(lev_text query, const lev_text *words,
                               size_t count, size_t limit);

/* Continues a search for at most `cells` cells of the table of distances, at
 * least 4096, and returns whether there is more to do.
 *
 * A word of n code points counts 64 * ceil(query.length / 64) * (n + 1) cells.
 * Where the bound falls into a word, the search stops in the middle of it. */
bool lev_search_advance(lev_search *search, uint64_t cells);

/* Returns the distances that a finished lev_search_all has found, one for
 * each word.  They belong to the search. */
const uint32_t *lev_search_distances(const lev_search *search);

/* Returns what a finished lev_search_nearest has found: the keys
 * `distance << 32 | index` of the nearest words, ascending, so that of two
 * words at the same distance the one with the smaller index comes first.
 * Sets *count to their number, the smaller one of the limit and the number of
 * words.  They belong to the search. */
const uint64_t *lev_search_keys(const lev_search *search, size_t *count);

/* Frees a search, finished or not, which may be NULL. */
void lev_search_free(lev_search *search);

#endif
