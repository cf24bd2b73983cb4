/* The inner loops over a text.  levenshtein.c includes this file once for
 * each storage width, with CODE_POINT defined as the type of a code point and
 * INSTANCE(name) as the name of the function for this width. */

/* Fills current[1..length] from current[0] and previous[0..length], where c
 * is the code point of `a` that belongs to the row and `b` the other text:
 *
 *     D[i][j] = min(D[i-1][j] + 1, D[i][j-1] + 1, D[i-1][j-1] + (c != b[j]))
 *
 * Each cell waits for its left neighbour, so the loop is as fast as the way
 * from `left` to `left` is short: one addition and one minimum.  GCC's
 * reassociation pass would lengthen it, by taking the three-way minimum in
 * another order.  It does not look through the conversion from 32 bits to the
 * 64 of `left`. */
static void
INSTANCE(fill_row)(uint32_t c, const CODE_POINT *b, size_t length,
                   const uint32_t *restrict previous,
                   uint32_t *restrict current)
{
    uint64_t left = current[0];
    uint32_t diagonal = previous[0];
    for (size_t j = 0; j < length; j++) {
        uint32_t above = previous[j + 1];
        uint32_t best = diagonal + (c != b[j]);
        if (above + 1 < best) {
            best = above + 1;
        }
        left = left + 1 < best ? left + 1 : best;
        current[j + 1] = (uint32_t)left;
        diagonal = above;
    }
}

/* Returns the mask of the rows of the block whose code point is c. */
static inline uint64_t
INSTANCE(rows_equal_to)(const struct block *block, CODE_POINT code_point)
{
    uint32_t c = code_point;
    /* For texts of one byte the compiler drops the second half. */
    return c < LOW_COUNT ? block->low[c] : high_mask(block, c);
}

/* Runs a pattern's only block over a piece of text.  Returns by how much the
 * distance changes. */
static uint32_t
INSTANCE(run_only_block)(const struct block *block, uint64_t last_bit,
                         const CODE_POINT *text, size_t length,
                         struct column *column)
{
    struct column local = *column;
    uint32_t change = 0;
    for (size_t j = 0; j < length; j++) {
        uint64_t eq = INSTANCE(rows_equal_to)(block, text[j]);
        change += carry_value(step(&local, eq, CARRY_PLUS, last_bit));
    }
    *column = local;
    return change;
}

/* Runs one of several blocks over a piece of text.  carry[j] is what comes in
 * from the block above, and is replaced by what goes out to the one below. */
static void
INSTANCE(run_block)(const struct block *block, uint64_t last_bit,
                    const CODE_POINT *text, size_t length,
                    struct column *column, uint8_t *restrict carry)
{
    struct column local = *column;
    for (size_t j = 0; j < length; j++) {
        uint64_t eq = INSTANCE(rows_equal_to)(block, text[j]);
        carry[j] = (uint8_t)step(&local, eq, carry[j], last_bit);
    }
    *column = local;
}

#undef CODE_POINT
#undef INSTANCE
