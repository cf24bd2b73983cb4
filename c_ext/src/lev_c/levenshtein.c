#include "levenshtein.h"

#include <stdlib.h>
#include <string.h>

/* --- Memory -------------------------------------------------------------- */

/* Returns room for `count` items of `size` bytes, or NULL.  Room for no items
 * is not NULL, so that NULL always means failure. */
static void *
allocate(size_t count, size_t size)
{
    if (count > SIZE_MAX / size) {
        return NULL;
    }
    return malloc(count > 0 ? count * size : 1);
}

/* --- Myers: one column of one block -------------------------------------- */

enum {
    BLOCK_ROWS = 64,  /* rows in a block, the bits of a word */
    LOW_COUNT = 256,  /* code points with a place of their own in the table */
    SLOT_COUNT = 128, /* slots for the others: at most half are ever full */
};

/* The part of the pattern table that belongs to 64 rows: for each code point
 * the mask of the rows that hold it. */
struct block {
    uint64_t low[LOW_COUNT];
    /* The code points from 256 on, by open addressing.  A slot is empty if
     * its mask is zero.  Not initialised unless has_high. */
    bool has_high;
    uint32_t slot_code_point[SLOT_COUNT];
    uint64_t slot_mask[SLOT_COUNT];
};

/* The vertical differences in one column of a block: bit i of pv (of mv) says
 * that D grows (shrinks) by one from the row above row i to row i. */
struct column {
    uint64_t pv;
    uint64_t mv;
};

/* A horizontal difference, as it passes from a block to the one below. */
enum { CARRY_PLUS = 1, CARRY_MINUS = 2 };

/* Returns the horizontal difference as a number modulo 2^32: 1, 0 or -1. */
static inline uint32_t
carry_value(uint32_t carry)
{
    return (carry & CARRY_PLUS) - (carry >> 1);
}

/* Returns the slot that holds the code point c, or the empty one where it
 * belongs. */
static inline size_t
find_slot(const struct block *block, uint32_t c)
{
    size_t slot = c % SLOT_COUNT;
    while (block->slot_mask[slot] != 0 && block->slot_code_point[slot] != c) {
        slot = (slot + 1) % SLOT_COUNT;
    }
    return slot;
}

/* Returns the mask of the rows of the block whose code point is c >= 256. */
static inline uint64_t
high_mask(const struct block *block, uint32_t c)
{
    return block->has_high ? block->slot_mask[find_slot(block, c)] : 0;
}

/* Moves a block on by one code point of the text.  `eq` is the mask of the
 * rows that hold this code point, `in` the horizontal difference above the
 * first row.  Returns the horizontal difference at the row of `last_bit`. */
static inline uint32_t
step(struct column *column, uint64_t eq, uint32_t in, uint64_t last_bit)
{
    uint64_t pv = column->pv;
    uint64_t mv = column->mv;
    uint64_t plus_in = in & CARRY_PLUS;
    uint64_t minus_in = in >> 1;

    uint64_t xv = eq | mv;
    eq |= minus_in;
    uint64_t xh = (((eq & pv) + pv) ^ pv) | eq;
    uint64_t ph = mv | ~(xh | pv);
    uint64_t mh = pv & xh;
    bool plus_out = (ph & last_bit) != 0;
    bool minus_out = (mh & last_bit) != 0;
    ph = ph << 1 | plus_in;
    mh = mh << 1 | minus_in;
    column->pv = mh | ~(xv | ph);
    column->mv = ph & xv;
    return (plus_out ? CARRY_PLUS : 0) | (minus_out ? CARRY_MINUS : 0);
}

/* --- The inner loops, once for each storage width ------------------------ */

#define CODE_POINT uint8_t
#define INSTANCE(name) name##_1
#include "levenshtein_template.h"

#define CODE_POINT uint16_t
#define INSTANCE(name) name##_2
#include "levenshtein_template.h"

#define CODE_POINT uint32_t
#define INSTANCE(name) name##_4
#include "levenshtein_template.h"

/* Returns a code point of a text.  For the outer loops only: in an inner one
 * the switch would cost a tenth of the time. */
static inline uint32_t
code_point(kernel_text text, size_t index)
{
    switch (text.width) {
    case 1:
        return ((const uint8_t *)text.data)[index];
    case 2:
        return ((const uint16_t *)text.data)[index];
    default:
        return ((const uint32_t *)text.data)[index];
    }
}

/* --- Wagner-Fischer ------------------------------------------------------ */

uint32_t
kernel_distance(kernel_text a, kernel_text b)
{
    size_t row_length = (size_t)b.length + 1;
    uint32_t *rows = allocate(row_length, 2 * sizeof(*rows));
    if (rows == NULL) {
        return KERNEL_NO_MEMORY;
    }
    uint32_t *previous = rows;
    uint32_t *current = rows + row_length;

    for (size_t j = 0; j < row_length; j++) {
        previous[j] = (uint32_t)j;
    }
    for (uint32_t i = 0; i < a.length; i++) {
        uint32_t c = code_point(a, i);
        current[0] = i + 1;
        switch (b.width) {
        case 1:
            fill_row_1(c, b.data, b.length, previous, current);
            break;
        case 2:
            fill_row_2(c, b.data, b.length, previous, current);
            break;
        default:
            fill_row_4(c, b.data, b.length, previous, current);
        }
        uint32_t *filled = current;
        current = previous;
        previous = filled;
    }

    uint32_t distance = previous[b.length];
    free(rows);
    return distance;
}

/* --- Myers: the pattern -------------------------------------------------- */

struct pattern {
    uint32_t length;
    uint32_t block_count;
    uint64_t last_bit; /* the last row of the last block */
    struct block *blocks;
    /* Most patterns have one block.  It is kept here, so that they need no
     * memory of their own. */
    struct block first_block;
};

static void
add_row(struct block *block, unsigned row, uint32_t c)
{
    uint64_t bit = (uint64_t)1 << row;
    if (c < LOW_COUNT) {
        block->low[c] |= bit;
        return;
    }
    if (!block->has_high) {
        block->has_high = true;
        memset(block->slot_mask, 0, sizeof(block->slot_mask));
    }
    size_t slot = find_slot(block, c);
    block->slot_code_point[slot] = c;
    block->slot_mask[slot] |= bit;
}

/* Builds the table of a pattern.  Returns whether there was memory for it; to
 * be followed by pattern_clear in any case. */
static bool
pattern_init(struct pattern *pattern, kernel_text text)
{
    pattern->length = text.length;
    pattern->block_count =
        text.length / BLOCK_ROWS + (text.length % BLOCK_ROWS != 0);
    pattern->last_bit = (uint64_t)1 << ((text.length - 1) % BLOCK_ROWS);
    pattern->blocks = &pattern->first_block;
    if (pattern->block_count > 1) {
        pattern->blocks = allocate(pattern->block_count, sizeof(struct block));
        if (pattern->blocks == NULL) {
            return false;
        }
    }

    for (uint32_t i = 0; i < text.length; i++) {
        struct block *block = &pattern->blocks[i / BLOCK_ROWS];
        if (i % BLOCK_ROWS == 0) {
            memset(block->low, 0, sizeof(block->low));
            block->has_high = false;
        }
        add_row(block, i % BLOCK_ROWS, code_point(text, i));
    }
    return true;
}

static void
pattern_clear(struct pattern *pattern)
{
    if (pattern->blocks != &pattern->first_block) {
        free(pattern->blocks);
    }
}

/* --- Myers: a pattern against a text, in pieces -------------------------- */

/* How far the comparison with one text has come. */
struct scan {
    uint32_t block;    /* the block that is running over the text */
    uint32_t position; /* how much of the text it has seen */
    struct column column;
    uint32_t distance; /* the result, once all blocks are through */
};

static const struct column FIRST_COLUMN = {.pv = UINT64_MAX, .mv = 0};

static struct scan
scan_start(const struct pattern *pattern)
{
    return (struct scan){.column = FIRST_COLUMN, .distance = pattern->length};
}

/* Runs the current block over the next `length` code points of the text. */
static void
scan_piece(struct scan *scan, const struct pattern *pattern, kernel_text text,
           uint8_t *carry, uint32_t length)
{
    const struct block *block = &pattern->blocks[scan->block];
    bool is_last = scan->block + 1 == pattern->block_count;
    uint64_t last_bit =
        is_last ? pattern->last_bit : (uint64_t)1 << (BLOCK_ROWS - 1);
    const void *piece =
        (const char *)text.data + (size_t)scan->position * text.width;
    struct column *column = &scan->column;

    if (pattern->block_count == 1) {
        switch (text.width) {
        case 1:
            scan->distance +=
                run_only_block_1(block, last_bit, piece, length, column);
            return;
        case 2:
            scan->distance +=
                run_only_block_2(block, last_bit, piece, length, column);
            return;
        default:
            scan->distance +=
                run_only_block_4(block, last_bit, piece, length, column);
            return;
        }
    }

    carry += scan->position;
    if (scan->block == 0) {
        memset(carry, CARRY_PLUS, length); /* because D[0][j] is j */
    }
    switch (text.width) {
    case 1:
        run_block_1(block, last_bit, piece, length, column, carry);
        break;
    case 2:
        run_block_2(block, last_bit, piece, length, column, carry);
        break;
    default:
        run_block_4(block, last_bit, piece, length, column, carry);
    }
    if (is_last) {
        for (uint32_t j = 0; j < length; j++) {
            scan->distance += carry_value(carry[j]);
        }
    }
}

/* Continues a scan of `text`, and takes what it does off *steps.  Returns
 * whether the scan is through.  `carry` has room for text.length bytes; it is
 * not used if the pattern has a single block. */
static bool
scan_advance(struct scan *scan, const struct pattern *pattern,
             kernel_text text, uint8_t *carry, uint64_t *steps)
{
    if (pattern->block_count == 0 && *steps > 0) {
        /* Counted as one block, though it is no work that could be cut. */
        uint64_t counted = (uint64_t)text.length + 1;
        *steps -= counted < *steps ? counted : *steps;
        scan->distance = text.length;
        return true;
    }
    while (*steps > 0) {
        /* The extra step stands for the work around the loop, so that a
         * million empty words are not free of charge. */
        uint32_t rest = text.length - scan->position;
        uint32_t length = rest < *steps ? rest : (uint32_t)(*steps - 1);
        *steps -= (uint64_t)length + 1;
        scan_piece(scan, pattern, text, carry, length);
        scan->position += length;
        if (length == rest) {
            scan->block++;
            scan->position = 0;
            scan->column = FIRST_COLUMN;
            if (scan->block == pattern->block_count) {
                return true;
            }
        }
    }
    return false;
}

uint32_t
kernel_distance_myers(kernel_text a, kernel_text b)
{
    struct pattern pattern;
    uint8_t *carry = NULL;
    uint32_t distance = KERNEL_NO_MEMORY;

    if (!pattern_init(&pattern, a)) {
        goto done;
    }
    if (pattern.block_count > 1) {
        carry = allocate(b.length, sizeof(*carry));
        if (carry == NULL) {
            goto done;
        }
    }
    struct scan scan = scan_start(&pattern);
    uint64_t steps = UINT64_MAX;
    scan_advance(&scan, &pattern, b, carry, &steps);
    distance = scan.distance;

done:
    free(carry);
    pattern_clear(&pattern);
    return distance;
}

/* --- Repetition ---------------------------------------------------------- */

static uint32_t
repeat(uint32_t (*function)(kernel_text a, kernel_text b), kernel_text a,
       kernel_text b, int64_t runs)
{
    /* The compiler must read a volatile pointer again for each call, and
     * cannot know where the call goes: so it must make all of them. */
    uint32_t (*volatile opaque)(kernel_text a, kernel_text b) = function;
    uint32_t distance;
    do {
        distance = opaque(a, b);
    } while (--runs > 0 && distance != KERNEL_NO_MEMORY);
    return distance;
}

uint32_t
kernel_distance_repeated(kernel_text a, kernel_text b, int64_t runs)
{
    return repeat(kernel_distance, a, b, runs);
}

uint32_t
kernel_distance_myers_repeated(kernel_text a, kernel_text b, int64_t runs)
{
    return repeat(kernel_distance_myers, a, b, runs);
}

/* --- Dictionary ---------------------------------------------------------- */

struct kernel_dictionary {
    size_t count;
    kernel_text *words; /* `count` of them, which point into the arenas */
    void *arenas[3];    /* code points of 1, 2 and 4 bytes */
};

kernel_dictionary *
kernel_dictionary_new(const kernel_text *words, size_t count)
{
    size_t sizes[3] = {0};
    for (size_t i = 0; i < count; i++) {
        size_t *size = &sizes[words[i].width / 2];
        if (words[i].length > (SIZE_MAX - *size) / words[i].width) {
            return NULL;
        }
        *size += (size_t)words[i].length * words[i].width;
    }

    kernel_dictionary *dictionary = calloc(1, sizeof(*dictionary));
    if (dictionary == NULL) {
        return NULL;
    }
    dictionary->count = count;
    dictionary->words = allocate(count, sizeof(*dictionary->words));
    if (dictionary->words == NULL) {
        goto error;
    }
    char *ends[3];
    for (int i = 0; i < 3; i++) {
        ends[i] = dictionary->arenas[i] = allocate(sizes[i], 1);
        if (ends[i] == NULL) {
            goto error;
        }
    }

    for (size_t i = 0; i < count; i++) {
        char **end = &ends[words[i].width / 2];
        size_t size = (size_t)words[i].length * words[i].width;
        memcpy(*end, words[i].data, size);
        dictionary->words[i] = words[i];
        dictionary->words[i].data = *end;
        *end += size;
    }
    return dictionary;

error:
    kernel_dictionary_free(dictionary);
    return NULL;
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
    for (int i = 0; i < 3; i++) {
        free(dictionary->arenas[i]);
    }
    free(dictionary->words);
    free(dictionary);
}

/* --- The heap of the nearest words --------------------------------------- */

/* A binary heap with the largest key in keys[0].  Once it is sorted,
 * keys[0..count) ascend and heap_size is 0. */
struct heap {
    uint64_t *keys;
    size_t capacity;
    size_t count;
    size_t heap_size;
};

/* Makes an empty heap for the `capacity` smallest keys.  Returns whether there
 * was memory for it. */
static bool
heap_init(struct heap *heap, size_t capacity)
{
    *heap = (struct heap){.capacity = capacity};
    heap->keys = allocate(capacity, sizeof(*heap->keys));
    return heap->keys != NULL;
}

/* Puts `key` where keys[0] is, and restores the order of the heap. */
static void
heap_replace_top(struct heap *heap, uint64_t key)
{
    uint64_t *keys = heap->keys;
    size_t parent = 0;
    size_t child;
    while ((child = 2 * parent + 1) < heap->heap_size) {
        if (child + 1 < heap->heap_size && keys[child + 1] > keys[child]) {
            child++;
        }
        if (keys[child] <= key) {
            break;
        }
        keys[parent] = keys[child];
        parent = child;
    }
    keys[parent] = key;
}

/* Keeps a word if it is among the nearest so far. */
static void
heap_offer(struct heap *heap, uint32_t distance, size_t index)
{
    uint64_t key = (uint64_t)distance << 32 | index;
    if (heap->count == heap->capacity) {
        if (key < heap->keys[0]) {
            heap_replace_top(heap, key);
        }
        return;
    }
    size_t child = heap->count;
    heap->count = ++heap->heap_size;
    while (child > 0) {
        size_t parent = (child - 1) / 2;
        if (heap->keys[parent] >= key) {
            break;
        }
        heap->keys[child] = heap->keys[parent];
        child = parent;
    }
    heap->keys[child] = key;
}

/* Moves the largest key of the heap behind it. */
static void
heap_pop(struct heap *heap)
{
    uint64_t largest = heap->keys[0];
    uint64_t moved = heap->keys[--heap->heap_size];
    heap_replace_top(heap, moved);
    heap->keys[heap->heap_size] = largest;
}

/* --- Search -------------------------------------------------------------- */

enum {
    /* What a search does between two looks of the caller: 2^28 cells. */
    STEPS_AT_ONCE = (1 << 28) / BLOCK_ROWS,
    /* A pop costs about as much as this many steps of Myers' algorithm when
     * the heap holds a million keys. */
    POP_STEPS = 64,
};

struct kernel_search {
    const kernel_text *words;
    size_t count;
    size_t next; /* the word that is being compared */
    struct scan scan;
    uint8_t *carry;      /* room for the longest word, or NULL */
    uint32_t *distances; /* of all words, or NULL */
    struct heap nearest; /* empty while all distances are wanted */
    struct pattern pattern;
};

/* Returns a search without a place for its results. */
static kernel_search *
search_new(kernel_text query, const kernel_text *words, size_t count)
{
    kernel_search *search = malloc(sizeof(*search));
    if (search == NULL) {
        return NULL;
    }
    search->words = words;
    search->count = count;
    search->next = 0;
    search->carry = NULL;
    search->distances = NULL;
    search->nearest = (struct heap){0};
    if (!pattern_init(&search->pattern, query)) {
        goto error;
    }
    if (search->pattern.block_count > 1) {
        uint32_t longest = 0;
        for (size_t i = 0; i < count; i++) {
            longest = words[i].length > longest ? words[i].length : longest;
        }
        search->carry = allocate(longest, sizeof(*search->carry));
        if (search->carry == NULL) {
            goto error;
        }
    }
    search->scan = scan_start(&search->pattern);
    return search;

error:
    kernel_search_free(search);
    return NULL;
}

kernel_search *
kernel_search_words(kernel_text query, const kernel_text *words, size_t count)
{
    kernel_search *search = search_new(query, words, count);
    if (search == NULL) {
        return NULL;
    }
    search->distances = allocate(count, sizeof(*search->distances));
    if (search->distances == NULL) {
        kernel_search_free(search);
        return NULL;
    }
    return search;
}

kernel_search *
kernel_search_all(kernel_text query, const kernel_dictionary *dictionary)
{
    return kernel_search_words(query, dictionary->words, dictionary->count);
}

kernel_search *
kernel_search_nearest(kernel_text query, const kernel_dictionary *dictionary,
                      size_t limit)
{
    size_t count = dictionary->count;
    kernel_search *search = search_new(query, dictionary->words, count);
    if (search == NULL) {
        return NULL;
    }
    if (!heap_init(&search->nearest, limit < count ? limit : count)) {
        kernel_search_free(search);
        return NULL;
    }
    return search;
}

kernel_search_state
kernel_search_step(kernel_search *search)
{
    uint64_t steps = STEPS_AT_ONCE;
    for (; search->next < search->count; search->next++) {
        if (!scan_advance(&search->scan, &search->pattern,
                          search->words[search->next], search->carry,
                          &steps)) {
            return KERNEL_SEARCH_GOES_ON;
        }
        uint32_t distance = search->scan.distance;
        if (search->distances != NULL) {
            search->distances[search->next] = distance;
        }
        else {
            heap_offer(&search->nearest, distance, search->next);
        }
        search->scan = scan_start(&search->pattern);
    }
    /* Heapsort, because it can stop and go on. */
    while (search->nearest.heap_size > 0) {
        if (steps < POP_STEPS) {
            return KERNEL_SEARCH_GOES_ON;
        }
        steps -= POP_STEPS;
        heap_pop(&search->nearest);
    }
    return KERNEL_SEARCH_IS_FINISHED;
}

const uint32_t *
kernel_search_distances(const kernel_search *search)
{
    return search->distances;
}

kernel_search_state
kernel_search_filter(kernel_search *search, size_t limit,
                     kernel_predicate *is_wanted, void *context)
{
    struct heap *nearest = &search->nearest;
    if (!heap_init(nearest, limit < search->count ? limit : search->count)) {
        return KERNEL_SEARCH_FAILED;
    }
    for (size_t i = 0; i < search->count; i++) {
        uint32_t distance = search->distances[i];
        int wanted = is_wanted(context, distance, (uint32_t)i);
        if (wanted < 0) {
            return KERNEL_SEARCH_FAILED;
        }
        if (wanted) {
            heap_offer(nearest, distance, i);
        }
    }
    return KERNEL_SEARCH_GOES_ON;
}

size_t
kernel_search_found(const kernel_search *search)
{
    return search->nearest.count;
}

kernel_neighbour
kernel_search_neighbour(const kernel_search *search, size_t position)
{
    uint64_t key = search->nearest.keys[position];
    return (kernel_neighbour){.distance = (uint32_t)(key >> 32),
                              .index = (uint32_t)key};
}

void
kernel_search_free(kernel_search *search)
{
    if (search == NULL) {
        return;
    }
    free(search->nearest.keys);
    free(search->distances);
    free(search->carry);
    pattern_clear(&search->pattern);
    free(search);
}
