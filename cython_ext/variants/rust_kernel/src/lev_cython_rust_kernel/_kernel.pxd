# cython: language_level=3

"""The kernel of `lev_cython`, in Rust: the same names, and the same loops behind them.

What is here is glue. Each function calls the C interface of the Rust kernels,
whose header rust_cffi/include/lev.h says what holds for its arguments.
"""

from libc.stdint cimport SIZE_MAX, int32_t, int64_t, uint32_t, uint64_t
from libc.stdlib cimport malloc


cdef extern from "lev.h":
    # 1 to keep a word, 2 not to, any other number to stop. It is called with the GIL.
    ctypedef int32_t (*lev_keep)(
        void *context, uint32_t distance, uint32_t index,
    ) noexcept


cdef extern from "lev.h" nogil:
    const char *COMPILER "lev_compiler()"
    const char *FLAGS "lev_flags()"

    # A string that is read in place and owned by somebody else.
    ctypedef struct Text "lev_text":
        const void *units "data"
        size_t length           # in code points
        uint32_t width          # bytes per code point: 1, 2 or 4

    cdef enum:
        # What a function returns instead of a distance.
        NO_MEMORY "LEV_STATUS_OUT_OF_MEMORY"
        STOPPED "LEV_STATUS_STOPPED"

    ctypedef struct lev_dictionary
    ctypedef struct lev_search
    ctypedef struct lev_found:
        const uint32_t *numbers
        size_t count

    int64_t lev_text_distance(Text a, Text b)
    int64_t lev_text_distance_myers(Text a, Text b)
    int64_t lev_text_distance_repeated(Text a, Text b, uint64_t n)
    int64_t lev_text_distance_myers_repeated(Text a, Text b, uint64_t n)
    int lev_text_dictionary_new(const Text *words, size_t count, lev_dictionary **dictionary)
    void lev_dictionary_free(lev_dictionary **dictionary)
    int lev_text_search_distances(Text query, size_t words, lev_search **search)
    int lev_text_search_nearest(Text query, size_t limit, lev_search **search)
    int lev_text_search_step(
        lev_search *search, const Text *words, size_t count, lev_found *found,
    )
    int lev_search_step(lev_search *search, const lev_dictionary *dictionary, lev_found *found)
    int lev_search_nearest_where(
        lev_search *search, size_t limit, lev_keep keep, void *context, void *alive,
        lev_found *found,
    )
    void lev_search_free(lev_search **search)


cdef enum:
    MAX_LENGTH = 0xFFFFFFFE

    # What `search_step` returns between two chunks; every failure is negative.
    UNFINISHED = 1


cdef inline void *allocate(uint64_t count, size_t size) noexcept nogil:
    """Return room for `count` items of `size` bytes; NULL always means failure."""
    if count > SIZE_MAX // size:
        return NULL
    return malloc(<size_t>count * size if count else size)


# ---------------------------------------------------------------------------
# Pairs
# ---------------------------------------------------------------------------

cdef inline int64_t distance(const Text *a, const Text *b) noexcept nogil:
    return lev_text_distance(a[0], b[0])


cdef inline int64_t distance_myers(const Text *a, const Text *b) noexcept nogil:
    return lev_text_distance_myers(a[0], b[0])


cdef inline int64_t distance_repeated(const Text *a, const Text *b, int64_t n) noexcept nogil:
    return lev_text_distance_repeated(a[0], b[0], n)


cdef inline int64_t distance_myers_repeated(const Text *a, const Text *b, int64_t n) noexcept nogil:
    return lev_text_distance_myers_repeated(a[0], b[0], n)


# ---------------------------------------------------------------------------
# Many words
# ---------------------------------------------------------------------------

# Texts to be searched: those of a dictionary or, if there is none, those that
# are read in place.
cdef struct Words:
    lev_dictionary *dictionary
    const Text *texts
    size_t count


cdef struct Copies:
    Words words


cdef inline Words words_of(const Text *texts, size_t count) noexcept nogil:
    cdef Words words

    words.dictionary = NULL
    words.texts = texts
    words.count = count
    return words


cdef inline int copies_make(Copies *copies, const Text *texts, size_t count) noexcept nogil:
    cdef int status = lev_text_dictionary_new(texts, count, &copies.words.dictionary)

    if status == 0:
        copies.words.count = count
    return status


cdef inline void copies_free(Copies *copies) noexcept nogil:
    lev_dictionary_free(&copies.words.dictionary)


cdef struct Search:
    lev_search *state
    lev_found found
    const uint32_t *distances   # what a finished search for distances has found


cdef inline int search_distances(Search *search, const Text *query, size_t count) noexcept nogil:
    search.state = NULL
    search.found.numbers = NULL
    return lev_text_search_distances(query[0], count, &search.state)


cdef inline int search_nearest(Search *search, const Text *query, size_t limit) noexcept nogil:
    search.state = NULL
    search.found.numbers = NULL
    return lev_text_search_nearest(query[0], limit, &search.state)


cdef inline int search_step(Search *search, Words words) noexcept nogil:
    cdef int status

    if search.found.numbers is not NULL:
        return 0        # `search_where` leaves nothing to be sorted.
    if words.dictionary is not NULL:
        status = lev_search_step(search.state, words.dictionary, &search.found)
    else:
        status = lev_text_search_step(search.state, words.texts, words.count, &search.found)
    if status != 0:
        return status
    search.distances = search.found.numbers
    return UNFINISHED if search.found.numbers is NULL else 0


# What `search_where` asks about each word: 1 to keep it, 0 not to, -1 to stop.
ctypedef int32_t (*keep_function)(void *context, uint32_t distance, uint32_t index) noexcept


cdef struct Predicate:
    keep_function keep
    void *context


cdef inline int32_t _keep(void *context, uint32_t distance, uint32_t index) noexcept:
    predicate = <Predicate *>context
    answer = predicate.keep(predicate.context, distance, index)
    return 2 if answer == 0 else answer


cdef inline int search_where(
    Search *search, size_t limit, keep_function keep, void *context,
) noexcept:
    cdef Predicate predicate = Predicate(keep, context)
    return lev_search_nearest_where(search.state, limit, _keep, &predicate, NULL, &search.found)


# The nearest words are pairs of a distance and an index.

cdef inline size_t nearest_count(const Search *search) noexcept nogil:
    return search.found.count // 2


cdef inline uint64_t nearest_distance(const Search *search, size_t i) noexcept nogil:
    return search.found.numbers[2 * i]


cdef inline uint32_t nearest_index(const Search *search, size_t i) noexcept nogil:
    return search.found.numbers[2 * i + 1]


cdef inline void search_free(Search *search) noexcept nogil:
    lev_search_free(&search.state)
