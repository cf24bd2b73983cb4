# cython: language_level=3

"""The algorithms, and nothing else: no Python object appears in this file.

Everything follows docs/algorithm.md loop by loop. The functions are inline
functions of a .pxd file, so that they are compiled into the one extension
module that uses them: between two modules Cython calls through a pointer that
no compiler can see through.

Nothing here needs the GIL. A function that allocates returns NO_MEMORY when
it cannot.

The glue uses `Text`, the limits, what can be returned, `allocate`, the four
distances of a pair, `Words`, `Copies`, `Search`, and what says how all this
was compiled. Another kernel that offers the same can take its place.
"""

from libc.stdint cimport SIZE_MAX, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset


cdef extern from *:
    """
    #ifdef __clang__
    #define LEV_COMPILER __VERSION__
    #else
    #define LEV_COMPILER "GCC " __VERSION__
    #endif
    """
    const char *COMPILER "LEV_COMPILER"
    const char *FLAGS "LEV_FLAGS"


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
    STOPPED = -3


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


# A pattern and how far the scan of a text for it has come. `scan_text` goes on
# where it stopped.
cdef struct Scan:
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


cdef inline int scan_begin(Scan *scan, const Text *pattern) noexcept nogil:
    """Prepare a scan for `pattern`. Return 0, or NO_MEMORY.

    Whatever it returns, the scan is to be freed with `scan_end`.
    """
    cdef size_t i, start

    scan.length = pattern.length
    scan.block_count = (scan.length + BLOCK - 1) // BLOCK
    scan.blocks = &scan.only_block
    scan.block = 0
    scan.in_block = False
    scan.horizontal = NULL
    scan.capacity = 0
    if scan.block_count > 1:
        scan.blocks = <Block *>allocate(scan.block_count, sizeof(Block))
        if scan.blocks is NULL:
            return NO_MEMORY
    for i in range(scan.block_count):
        start = i * BLOCK
        fill_block(&scan.blocks[i], pattern, start, min(start + BLOCK, scan.length))
    return 0


cdef inline void scan_end(Scan *scan) noexcept nogil:
    if scan.blocks != &scan.only_block:
        free(scan.blocks)
    free(scan.horizontal)


cdef inline void one_block(Scan *scan, const unit_t *text, size_t start, size_t stop) noexcept nogil:
    """Advance the only block from code point `start` of the text to `stop`."""
    cdef const Block *block = scan.blocks
    cdef unsigned int last = (scan.length - 1) % BLOCK
    cdef uint64_t pv = scan.pv, mv = scan.mv
    cdef int64_t distance = scan.distance
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
    scan.pv = pv
    scan.mv = mv
    scan.distance = distance


cdef inline void one_of_several(Scan *scan, const unit_t *text, size_t start, size_t stop) noexcept nogil:
    """Advance the current block from code point `start` of the text to `stop`."""
    cdef const Block *block = &scan.blocks[scan.block]
    cdef bint is_last = scan.block + 1 == scan.block_count
    cdef unsigned int last = (scan.length - 1) % BLOCK if is_last else BLOCK - 1
    cdef uint8_t *horizontal = scan.horizontal
    cdef uint64_t pv = scan.pv, mv = scan.mv
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
    scan.pv = pv
    scan.mv = mv


cdef inline void advance(Scan *scan, const Text *text, size_t start, size_t stop) noexcept nogil:
    if scan.block_count == 1:
        if text.width == 1:
            one_block(scan, <const uint8_t *>text.units, start, stop)
        elif text.width == 2:
            one_block(scan, <const uint16_t *>text.units, start, stop)
        else:
            one_block(scan, <const uint32_t *>text.units, start, stop)
    else:
        if text.width == 1:
            one_of_several(scan, <const uint8_t *>text.units, start, stop)
        elif text.width == 2:
            one_of_several(scan, <const uint16_t *>text.units, start, stop)
        else:
            one_of_several(scan, <const uint32_t *>text.units, start, stop)


cdef inline int start_horizontal(Scan *scan, size_t n) noexcept nogil:
    if n > scan.capacity:
        free(scan.horizontal)
        scan.capacity = 0
        scan.horizontal = <uint8_t *>allocate(n, 1)
        if scan.horizontal is NULL:
            return NO_MEMORY
        scan.capacity = n
    if n > 0:       # Before the first text that is not empty there is no memory.
        memset(scan.horizontal, 1, n)   # D[0][j] = j
    return 0


cdef inline int64_t scan_text(Scan *scan, const Text *text, int64_t *steps) noexcept nogil:
    """Return the distance between the pattern and `text`.

    Each block costs `text.length + 1` of the `steps`, and at least one block
    is counted. When they are used up
    the answer is UNFINISHED, and a call with the same text and new steps goes
    on from there. The answer may also be NO_MEMORY.
    """
    cdef size_t n = text.length
    cdef size_t start, stop, j
    cdef int64_t distance

    if scan.block_count == 0:
        if steps[0] <= 0:
            return UNFINISHED
        steps[0] -= <int64_t>n + 1      # Counted as one block.
        return <int64_t>n
    while scan.block < scan.block_count:
        if steps[0] <= 0:
            return UNFINISHED
        if not scan.in_block:
            if scan.block == 0:
                if scan.block_count > 1 and start_horizontal(scan, n) != 0:
                    return NO_MEMORY
                scan.distance = <int64_t>scan.length        # D[m][0] = m
            scan.pv = ~<uint64_t>0                          # D[i][0] = i
            scan.mv = 0
            scan.position = 0
            scan.in_block = True
            steps[0] -= 1
        start = scan.position
        stop = start + min(n - start, <size_t>steps[0])
        advance(scan, text, start, stop)
        steps[0] -= <int64_t>(stop - start)
        if stop < n:
            scan.position = stop
            return UNFINISHED
        scan.in_block = False
        scan.block += 1
    scan.block = 0
    distance = scan.distance
    if scan.block_count > 1:
        for j in range(n):
            distance += (scan.horizontal[j] & 1) - (scan.horizontal[j] >> 1)
    return distance


cdef inline int64_t myers(const Text *a, const Text *b) noexcept nogil:
    """Return the distance, or NO_MEMORY."""
    cdef Scan of_a
    cdef int64_t steps = <int64_t>1 << 62       # more than any pair has
    cdef int64_t distance = NO_MEMORY

    if scan_begin(&of_a, a) == 0:
        distance = scan_text(&of_a, b, &steps)
    scan_end(&of_a)
    return distance


# ---------------------------------------------------------------------------
# Pairs
# ---------------------------------------------------------------------------

# Every run goes through a volatile pointer. The compiler must read it again for
# each call and cannot know where it leads, so it has to make all the calls; and
# one run is the same machine code as many.
ctypedef int64_t (*pair_function)(const Text *a, const Text *b) noexcept nogil


cdef inline int64_t once(pair_function function, const Text *a, const Text *b) noexcept nogil:
    cdef volatile pair_function opaque = function

    return opaque(a, b)


cdef inline int64_t repeated(
    pair_function function, const Text *a, const Text *b, int64_t n,
) noexcept nogil:
    cdef volatile pair_function opaque = function
    cdef int64_t answer = 0
    cdef int64_t i

    for i in range(n):
        answer = opaque(a, b)
    return answer


# These return the distance, or NO_MEMORY.

cdef inline int64_t distance(const Text *a, const Text *b) noexcept nogil:
    return once(wagner_fischer, a, b)


cdef inline int64_t distance_myers(const Text *a, const Text *b) noexcept nogil:
    return once(myers, a, b)


cdef inline int64_t distance_repeated(const Text *a, const Text *b, int64_t n) noexcept nogil:
    return repeated(wagner_fischer, a, b, n)


cdef inline int64_t distance_myers_repeated(const Text *a, const Text *b, int64_t n) noexcept nogil:
    return repeated(myers, a, b, n)


# ---------------------------------------------------------------------------
# Many words
# ---------------------------------------------------------------------------

# Texts to be searched, which are owned by somebody else.
cdef struct Words:
    const Text *texts
    size_t count


# Copies of texts, in one arena for each storage width.
cdef struct Copies:
    Words words             # they point into the arenas
    uint8_t *arena1
    uint16_t *arena2
    uint32_t *arena4


cdef inline Words words_of(const Text *texts, size_t count) noexcept nogil:
    cdef Words words

    words.texts = texts
    words.count = count
    return words


cdef inline int copies_make(Copies *copies, const Text *texts, size_t count) noexcept nogil:
    """Copy `count` texts. Return 0, or NO_MEMORY.

    Whatever it returns, the copies are to be freed with `copies_free`; before,
    they are all zero.
    """
    # The sums cannot wrap around: both factors are at most MAX_LENGTH.
    cdef uint64_t units1 = 0, units2 = 0, units4 = 0
    cdef size_t i, size
    cdef Text *entries
    cdef void *copy

    for i in range(count):
        if texts[i].width == 1:
            units1 += texts[i].length
        elif texts[i].width == 2:
            units2 += texts[i].length
        else:
            units4 += texts[i].length
    entries = <Text *>allocate(count, sizeof(Text))
    copies.words.texts = entries
    copies.arena1 = <uint8_t *>allocate(units1, 1)
    copies.arena2 = <uint16_t *>allocate(units2, 2)
    copies.arena4 = <uint32_t *>allocate(units4, 4)
    if entries is NULL or copies.arena1 is NULL or copies.arena2 is NULL or copies.arena4 is NULL:
        return NO_MEMORY
    units1 = units2 = units4 = 0
    for i in range(count):
        if texts[i].width == 1:
            copy = copies.arena1 + units1
            units1 += texts[i].length
        elif texts[i].width == 2:
            copy = copies.arena2 + units2
            units2 += texts[i].length
        else:
            copy = copies.arena4 + units4
            units4 += texts[i].length
        size = <size_t>texts[i].length * texts[i].width
        memcpy(copy, texts[i].units, size)
        entries[i] = texts[i]
        entries[i].units = copy
    copies.words.count = count
    return 0


cdef inline void copies_free(Copies *copies) noexcept nogil:
    free(<void *>copies.words.texts)
    free(copies.arena1)
    free(copies.arena2)
    free(copies.arena4)


# The smallest keys so far, as a binary max-heap: no key is larger than its
# parent, which stands at (i - 1) // 2.
cdef struct Nearest:
    uint64_t *keys          # distance << 32 | index
    size_t limit            # there is room for so many, which is at least one
    size_t count            # so many are there
    size_t heap_count       # so many of them are a heap, the others are sorted


cdef inline int nearest_begin(Nearest *nearest, size_t limit) noexcept nogil:
    nearest.limit = limit
    nearest.keys = <uint64_t *>allocate(limit, sizeof(uint64_t))
    return NO_MEMORY if nearest.keys is NULL else 0


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


cdef inline void offer(Nearest *nearest, uint64_t distance, uint64_t index) noexcept nogil:
    """Keep a word if it is among the nearest so far."""
    cdef uint64_t key = (distance << 32) | index

    if nearest.count < nearest.limit:
        sift_up(nearest.keys, nearest.count, key)
        nearest.count += 1
        nearest.heap_count += 1
    elif key < nearest.keys[0]:
        sift_down(nearest.keys, nearest.count, key)


cdef inline void pop(Nearest *nearest) noexcept nogil:
    """Move the largest key of the heap behind it."""
    cdef size_t last = nearest.heap_count - 1
    cdef uint64_t key = nearest.keys[last]

    nearest.keys[last] = nearest.keys[0]
    sift_down(nearest.keys, last, key)
    nearest.heap_count = last


# A query on its way through words. It finds the distance of each word, or the
# nearest words.
cdef struct Search:
    Scan scan
    size_t word             # the current one
    uint32_t *distances     # one for each word, or NULL
    Nearest nearest


# What `search_where` asks about each word: 1 to keep it, 0 not to, -1 to stop.
ctypedef int32_t (*keep_function)(void *context, uint32_t distance, uint32_t index) noexcept


cdef inline int search_begin(Search *search, const Text *query) noexcept nogil:
    search.word = 0
    search.distances = NULL
    search.nearest.keys = NULL
    search.nearest.count = search.nearest.heap_count = 0
    return scan_begin(&search.scan, query)


cdef inline int search_distances(Search *search, const Text *query, size_t count) noexcept nogil:
    """Prepare a search for the distances of `count` words. Return 0, or NO_MEMORY.

    Whatever it returns, the search is to be freed with `search_free`. The
    same goes for `search_nearest`.
    """
    if search_begin(search, query) != 0:
        return NO_MEMORY
    search.distances = <uint32_t *>allocate(count, sizeof(uint32_t))
    return NO_MEMORY if search.distances is NULL else 0


cdef inline int search_nearest(Search *search, const Text *query, size_t limit) noexcept nogil:
    """Prepare a search for the `limit` nearest words, at least one."""
    if search_begin(search, query) != 0:
        return NO_MEMORY
    return nearest_begin(&search.nearest, limit)


cdef inline int search_step(Search *search, Words words) noexcept nogil:
    """Advance the search by one chunk.

    Return 0 when all is done; UNFINISHED to be called again, with the same
    words; or NO_MEMORY.
    """
    cdef uint32_t *distances = search.distances
    cdef int64_t steps = CHUNK_STEPS
    cdef int64_t distance

    if distances is not NULL:
        while search.word < words.count:
            distance = scan_text(&search.scan, &words.texts[search.word], &steps)
            if distance < 0:
                return <int>distance
            distances[search.word] = <uint32_t>distance
            search.word += 1
    else:
        while search.word < words.count:
            distance = scan_text(&search.scan, &words.texts[search.word], &steps)
            if distance < 0:
                return <int>distance
            offer(&search.nearest, <uint64_t>distance, search.word)
            search.word += 1
    # This is the second half of heapsort, which can stop at any key.
    while search.nearest.heap_count > 1:
        if steps <= 0:
            return UNFINISHED
        steps -= POP_STEPS
        pop(&search.nearest)
    return 0


cdef inline int search_where(
    Search *search, size_t limit, keep_function keep, void *context,
) noexcept:
    """Turn a finished search for distances into one for the nearest of some words.

    These are the `limit` nearest, at least one, of the words that `keep` wants.
    Return 0, after which `search_step` sorts them; STOPPED if `keep` said so;
    or NO_MEMORY.
    """
    cdef size_t i
    cdef int32_t answer

    if nearest_begin(&search.nearest, limit) != 0:
        return NO_MEMORY
    for i in range(search.word):
        answer = keep(context, search.distances[i], <uint32_t>i)
        if answer < 0:
            return STOPPED
        if answer > 0:
            offer(&search.nearest, search.distances[i], i)
    return 0


cdef inline size_t nearest_count(const Search *search) noexcept nogil:
    return search.nearest.count


cdef inline uint64_t nearest_distance(const Search *search, size_t i) noexcept nogil:
    return search.nearest.keys[i] >> 32


cdef inline uint32_t nearest_index(const Search *search, size_t i) noexcept nogil:
    return <uint32_t>search.nearest.keys[i]


cdef inline void search_free(Search *search) noexcept nogil:
    scan_end(&search.scan)
    free(search.distances)
    free(search.nearest.keys)
