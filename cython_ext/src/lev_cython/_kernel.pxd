# cython: language_level=3

"""The algorithms, and nothing else: no Python object appears in this file.

Everything follows docs/algorithm.md loop by loop. The functions are inline
functions of a .pxd file, so that they are compiled into the one extension
module that uses them: between two modules Cython calls through a pointer that
no compiler can see through.

Nothing here needs the GIL. A function that allocates returns NO_MEMORY when
it cannot.
"""

from libc.stdint cimport SIZE_MAX, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset


# One unit of a string's storage, which is one code point whatever its width.
# A function with an argument of this type is compiled three times.
ctypedef fused unit_t:
    uint8_t
    uint16_t
    uint32_t


# A string that is read in place and owned by somebody else.
cdef struct Text:
    const void *units
    uint32_t length         # in code points
    uint32_t width          # bytes per code point: 1, 2 or 4


# `wagner_fischer` and `myers` are of this type.
ctypedef int64_t (*pair_function)(const Text *a, const Text *b) noexcept nogil


cdef enum:
    # Lengths, distances and indices fit into 32 bits, and so does the number
    # of cells in a row of Wagner-Fischer.
    MAX_LENGTH = 0xFFFFFFFE

    BLOCK = 64              # rows in a block of Myers' algorithm
    SLOTS = 128             # in the hash table of a block; a power of two

    # A search stops after 2^28 cells, which are 2^22 steps of 64 cells.
    CHUNK_STEPS = 1 << 22
    # One key sorted out of a heap of a million costs about as much as so many.
    POP_STEPS = 64


cdef enum:
    # What a function returns instead of a distance.
    UNFINISHED = -1
    NO_MEMORY = -2


cdef inline void *allocate(uint64_t count, size_t size) noexcept nogil:
    """Return room for `count` items of `size` bytes; NULL always means failure."""
    if count > SIZE_MAX // size:
        return NULL
    return malloc(<size_t>count * size if count else size)


cdef inline uint32_t code_point(const Text *text, size_t i) noexcept nogil:
    if text.width == 1:
        return (<const uint8_t *>text.units)[i]
    if text.width == 2:
        return (<const uint16_t *>text.units)[i]
    return (<const uint32_t *>text.units)[i]


# ---------------------------------------------------------------------------
# Wagner-Fischer (1974) with two rows
# ---------------------------------------------------------------------------

cdef inline void fill_row(
    uint32_t x, const unit_t *b, size_t n, const uint32_t *previous, uint32_t *current,
) noexcept nogil:
    """Fill current[1..n] from current[0] and previous[0..n]; `x` is a[i]."""
    cdef uint32_t diagonal = previous[0]
    cdef uint32_t above, cell
    # A cell waits for its left neighbour, so the way from `left` to `left`
    # must stay short: one addition and one minimum. With 32 bits gcc's
    # reassociation pass is free to take the minimum of three in another
    # order, which lengthens it; it does not look through the conversion.
    cdef uint64_t left = current[0]
    cdef size_t j

    # D[i][j] = min(D[i-1][j] + 1, D[i][j-1] + 1, D[i-1][j-1] + (a[i] != b[j]))
    for j in range(n):
        above = previous[j + 1]
        cell = min(above + 1, diagonal + (x != b[j]))
        left = min(left + 1, <uint64_t>cell)
        current[j + 1] = <uint32_t>left
        diagonal = above


cdef inline int64_t wagner_fischer(const Text *a, const Text *b) noexcept nogil:
    """Return the distance, or NO_MEMORY."""
    cdef size_t n = b.length
    cdef uint32_t *rows = <uint32_t *>allocate(n + 1, 2 * sizeof(uint32_t))
    cdef uint32_t *previous = rows
    cdef uint32_t *current = rows + n + 1
    cdef uint32_t i, x
    cdef size_t j
    cdef int64_t distance

    if rows is NULL:
        return NO_MEMORY
    for j in range(n + 1):
        previous[j] = <uint32_t>j       # D[0][j] = j
    for i in range(a.length):
        x = code_point(a, i)
        current[0] = i + 1              # D[i][0] = i
        if b.width == 1:
            fill_row(x, <const uint8_t *>b.units, n, previous, current)
        elif b.width == 2:
            fill_row(x, <const uint16_t *>b.units, n, previous, current)
        else:
            fill_row(x, <const uint32_t *>b.units, n, previous, current)
        previous, current = current, previous
    distance = previous[n]
    free(rows)
    return distance


# ---------------------------------------------------------------------------
# Myers' bit-vectors (1999) in the form of Hyyrö (2003), 64 rows at a time
# ---------------------------------------------------------------------------

# For one block of the pattern: which of its 64 rows hold a code point.
cdef struct Block:
    uint64_t low[256]       # the masks of the code points below 256
    uint64_t high[SLOTS]    # of the others, by open addressing; 0 is an empty slot
    uint32_t keys[SLOTS]
    bint has_high           # otherwise `high` is not even cleared


# A pattern and how far the search for it has come. `search_text` goes on
# where it stopped.
cdef struct Search:
    size_t length           # of the pattern
    size_t block_count
    Block *blocks
    Block only_block        # where the blocks are if there is but one

    size_t block            # the current block
    size_t position         # the next code point of the text in it
    bint in_block           # whether the current block has been begun
    uint64_t pv             # bit i: the vertical difference at row i is +1
    uint64_t mv             # bit i: it is -1
    int64_t distance        # with one block: at the last row of the current column

    # With several blocks, for each code point of the text: the horizontal
    # difference that leaves the block above. Bit 0: it is +1; bit 1: it is -1.
    uint8_t *horizontal
    size_t capacity

    size_t word             # the current word of many


cdef inline void fill_block(Block *block, const Text *pattern, size_t start, size_t stop) noexcept nogil:
    cdef size_t i, slot
    cdef uint32_t c
    cdef uint64_t bit = 1

    memset(block.low, 0, sizeof(block.low))
    block.has_high = False
    for i in range(start, stop):
        c = code_point(pattern, i)
        if c < 256:
            block.low[c] |= bit
        else:
            if not block.has_high:
                memset(block.high, 0, sizeof(block.high))
                block.has_high = True
            slot = c % SLOTS
            while block.high[slot] != 0 and block.keys[slot] != c:
                slot = (slot + 1) % SLOTS
            block.keys[slot] = c
            block.high[slot] |= bit
        bit <<= 1


cdef inline uint64_t rows_of(const Block *block, unit_t c) noexcept nogil:
    cdef size_t slot

    if c < 256:
        return block.low[c]
    if not block.has_high:
        return 0
    slot = c % SLOTS
    while block.high[slot] != 0:
        if block.keys[slot] == c:
            return block.high[slot]
        slot = (slot + 1) % SLOTS
    return 0


cdef inline int search_begin(Search *search, const Text *pattern) noexcept nogil:
    """Prepare a search for `pattern`. Return 0, or NO_MEMORY.

    Whatever it returns, the search is to be freed with `search_end`.
    """
    cdef size_t i, start

    search.length = pattern.length
    search.block_count = (search.length + BLOCK - 1) // BLOCK
    search.blocks = &search.only_block
    search.block = 0
    search.in_block = False
    search.horizontal = NULL
    search.capacity = 0
    search.word = 0
    if search.block_count > 1:
        search.blocks = <Block *>allocate(search.block_count, sizeof(Block))
        if search.blocks is NULL:
            return NO_MEMORY
    for i in range(search.block_count):
        start = i * BLOCK
        fill_block(&search.blocks[i], pattern, start, min(start + BLOCK, search.length))
    return 0


cdef inline void search_end(Search *search) noexcept nogil:
    if search.blocks != &search.only_block:
        free(search.blocks)
    free(search.horizontal)


cdef inline void one_block(Search *search, const unit_t *text, size_t start, size_t stop) noexcept nogil:
    """Advance the only block from code point `start` of the text to `stop`."""
    cdef const Block *block = search.blocks
    cdef unsigned int last = (search.length - 1) % BLOCK
    cdef uint64_t pv = search.pv, mv = search.mv
    cdef int64_t distance = search.distance
    cdef uint64_t eq, xv, xh, ph, mh
    cdef size_t j

    for j in range(start, stop):
        eq = rows_of(block, text[j])
        xv = eq | mv
        xh = (((eq & pv) + pv) ^ pv) | eq
        ph = mv | ~(xh | pv)
        mh = pv & xh
        distance += (ph >> last) & 1
        distance -= (mh >> last) & 1
        ph = (ph << 1) | 1      # The row above the pattern is D[0][j] = j.
        mh = mh << 1
        pv = mh | ~(xv | ph)
        mv = ph & xv
    search.pv = pv
    search.mv = mv
    search.distance = distance


cdef inline void one_of_several(Search *search, const unit_t *text, size_t start, size_t stop) noexcept nogil:
    """Advance the current block from code point `start` of the text to `stop`."""
    cdef const Block *block = &search.blocks[search.block]
    cdef bint is_last = search.block + 1 == search.block_count
    cdef unsigned int last = (search.length - 1) % BLOCK if is_last else BLOCK - 1
    cdef uint8_t *horizontal = search.horizontal
    cdef uint64_t pv = search.pv, mv = search.mv
    cdef uint64_t eq, xv, xh, ph, mh, p_in, m_in
    cdef size_t j

    for j in range(start, stop):
        p_in = horizontal[j] & 1
        m_in = horizontal[j] >> 1
        eq = rows_of(block, text[j])
        xv = eq | mv
        eq = eq | m_in
        xh = (((eq & pv) + pv) ^ pv) | eq
        ph = mv | ~(xh | pv)
        mh = pv & xh
        horizontal[j] = <uint8_t>(((ph >> last) & 1) | (((mh >> last) & 1) << 1))
        ph = (ph << 1) | p_in
        mh = (mh << 1) | m_in
        pv = mh | ~(xv | ph)
        mv = ph & xv
    search.pv = pv
    search.mv = mv


cdef inline void advance(Search *search, const Text *text, size_t start, size_t stop) noexcept nogil:
    if search.block_count == 1:
        if text.width == 1:
            one_block(search, <const uint8_t *>text.units, start, stop)
        elif text.width == 2:
            one_block(search, <const uint16_t *>text.units, start, stop)
        else:
            one_block(search, <const uint32_t *>text.units, start, stop)
    else:
        if text.width == 1:
            one_of_several(search, <const uint8_t *>text.units, start, stop)
        elif text.width == 2:
            one_of_several(search, <const uint16_t *>text.units, start, stop)
        else:
            one_of_several(search, <const uint32_t *>text.units, start, stop)


cdef inline int start_horizontal(Search *search, size_t n) noexcept nogil:
    if n > search.capacity:
        free(search.horizontal)
        search.capacity = 0
        search.horizontal = <uint8_t *>allocate(n, 1)
        if search.horizontal is NULL:
            return NO_MEMORY
        search.capacity = n
    memset(search.horizontal, 1, n)     # D[0][j] = j
    return 0


cdef inline int64_t search_text(Search *search, const Text *text, int64_t *steps) noexcept nogil:
    """Return the distance between the pattern and `text`.

    Each block costs `text.length + 1` of the `steps`. When they are used up
    the answer is UNFINISHED, and a call with the same text and new steps goes
    on from there. The answer may also be NO_MEMORY.
    """
    cdef size_t n = text.length
    cdef size_t start, stop, j
    cdef int64_t distance

    if search.block_count == 0:
        if steps[0] <= 0:
            return UNFINISHED
        steps[0] -= 1
        return <int64_t>n
    while search.block < search.block_count:
        if steps[0] <= 0:
            return UNFINISHED
        if not search.in_block:
            if search.block == 0:
                if search.block_count > 1 and start_horizontal(search, n) != 0:
                    return NO_MEMORY
                search.distance = <int64_t>search.length    # D[m][0] = m
            search.pv = ~<uint64_t>0                        # D[i][0] = i
            search.mv = 0
            search.position = 0
            search.in_block = True
            steps[0] -= 1
        start = search.position
        stop = start + min(n - start, <size_t>steps[0])
        advance(search, text, start, stop)
        steps[0] -= <int64_t>(stop - start)
        if stop < n:
            search.position = stop
            return UNFINISHED
        search.in_block = False
        search.block += 1
    search.block = 0
    distance = search.distance
    if search.block_count > 1:
        for j in range(n):
            distance += (search.horizontal[j] & 1) - (search.horizontal[j] >> 1)
    return distance


cdef inline int64_t myers(const Text *a, const Text *b) noexcept nogil:
    """Return the distance, or NO_MEMORY."""
    cdef Search of_a
    cdef int64_t steps = <int64_t>1 << 62       # more than any pair has
    cdef int64_t distance = NO_MEMORY

    if search_begin(&of_a, a) == 0:
        distance = search_text(&of_a, b, &steps)
    search_end(&of_a)
    return distance


# ---------------------------------------------------------------------------
# Many words
# ---------------------------------------------------------------------------

# Copies of words, in one arena for each storage width.
cdef struct Words:
    Text *texts             # they point into the arenas
    size_t count
    uint8_t *arena1
    uint16_t *arena2
    uint32_t *arena4


cdef inline int words_copy(Words *words, const Text *texts, size_t count) noexcept nogil:
    """Copy `count` texts. Return 0, or NO_MEMORY.

    Whatever it returns, the words are to be freed with `words_free`; before,
    they are all zero.
    """
    # The sums cannot wrap around: both factors are at most MAX_LENGTH.
    cdef uint64_t units1 = 0, units2 = 0, units4 = 0
    cdef size_t i, size
    cdef void *copy

    for i in range(count):
        if texts[i].width == 1:
            units1 += texts[i].length
        elif texts[i].width == 2:
            units2 += texts[i].length
        else:
            units4 += texts[i].length
    words.texts = <Text *>allocate(count, sizeof(Text))
    words.arena1 = <uint8_t *>allocate(units1, 1)
    words.arena2 = <uint16_t *>allocate(units2, 2)
    words.arena4 = <uint32_t *>allocate(units4, 4)
    if words.texts is NULL or words.arena1 is NULL or words.arena2 is NULL or words.arena4 is NULL:
        return NO_MEMORY
    words.count = count
    units1 = units2 = units4 = 0
    for i in range(count):
        if texts[i].width == 1:
            copy = words.arena1 + units1
            units1 += texts[i].length
        elif texts[i].width == 2:
            copy = words.arena2 + units2
            units2 += texts[i].length
        else:
            copy = words.arena4 + units4
            units4 += texts[i].length
        size = <size_t>texts[i].length * texts[i].width
        memcpy(copy, texts[i].units, size)
        words.texts[i] = texts[i]
        words.texts[i].units = copy
    return 0


cdef inline void words_free(Words *words) noexcept nogil:
    free(words.texts)
    free(words.arena1)
    free(words.arena2)
    free(words.arena4)


cdef inline int distances_chunk(
    Search *of_query, const Text *texts, size_t count, uint32_t *out,
) noexcept nogil:
    """Write the distance of each text into `out`.

    Return 0 when all is done; UNFINISHED at the end of a chunk, to be called
    again; or NO_MEMORY.
    """
    cdef int64_t steps = CHUNK_STEPS
    cdef int64_t distance

    while of_query.word < count:
        distance = search_text(of_query, &texts[of_query.word], &steps)
        if distance < 0:
            return <int>distance
        out[of_query.word] = <uint32_t>distance
        of_query.word += 1
    return 0


# The smallest keys so far, as a binary max-heap: no key is larger than its
# parent, which stands at (i - 1) // 2.
cdef struct Nearest:
    uint64_t *keys          # distance << 32 | index
    size_t limit            # there is room for so many
    size_t count            # so many are there
    size_t heap_count       # so many of them are a heap, the others are sorted


cdef inline void sift_down(uint64_t *keys, size_t count, uint64_t key) noexcept nogil:
    """Put `key` into a heap of `count` keys in place of the largest."""
    cdef size_t i = 0
    cdef size_t child = 1

    while child < count:
        if child + 1 < count and keys[child + 1] > keys[child]:
            child += 1
        if keys[child] <= key:
            break
        keys[i] = keys[child]
        i = child
        child = 2 * i + 1
    keys[i] = key


cdef inline void sift_up(uint64_t *keys, size_t i, uint64_t key) noexcept nogil:
    """Put `key` into the free place `i` at the end of a heap."""
    while i > 0 and keys[(i - 1) // 2] < key:
        keys[i] = keys[(i - 1) // 2]
        i = (i - 1) // 2
    keys[i] = key


cdef inline void keep(Nearest *nearest, uint64_t key) noexcept nogil:
    """Keep the key if it is among the smallest so far."""
    if nearest.count < nearest.limit:
        sift_up(nearest.keys, nearest.count, key)
        nearest.count += 1
        nearest.heap_count += 1
    elif nearest.limit > 0 and key < nearest.keys[0]:
        sift_down(nearest.keys, nearest.count, key)


cdef inline void pop(Nearest *nearest) noexcept nogil:
    """Move the largest key of the heap behind it."""
    cdef size_t last = nearest.heap_count - 1
    cdef uint64_t key = nearest.keys[last]

    nearest.keys[last] = nearest.keys[0]
    sift_down(nearest.keys, last, key)
    nearest.heap_count = last


cdef inline int nearest_chunk(
    Search *of_query, const Text *texts, size_t count, Nearest *nearest,
) noexcept nogil:
    """Collect the smallest keys, sorted in the end. Return as `distances_chunk`."""
    cdef int64_t steps = CHUNK_STEPS
    cdef int64_t distance

    while of_query.word < count:
        distance = search_text(of_query, &texts[of_query.word], &steps)
        if distance < 0:
            return <int>distance
        keep(nearest, (<uint64_t>distance << 32) | of_query.word)
        of_query.word += 1
    # This is the second half of heapsort, which can stop at any key.
    while nearest.heap_count > 1:
        if steps <= 0:
            return UNFINISHED
        steps -= POP_STEPS
        pop(nearest)
    return 0
