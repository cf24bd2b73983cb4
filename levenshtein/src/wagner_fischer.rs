//! The dynamic program of Wagner and Fischer, kept to two rows.

use crate::OutOfMemory;
use crate::memory::{length_u32, with_capacity};
use crate::text::{CodeUnit, Text};
use std::mem::swap;

/// The Levenshtein distance between `a` and `b`, in code points.
///
/// Takes time for `a.len() * b.len()` cells and memory for two rows of
/// `b.len() + 1` numbers of 32 bits.
///
/// Source: R. A. Wagner and M. J. Fischer, "The String-to-String Correction
/// Problem", J. ACM 21 (1974), 168-173.
///
/// # Errors
///
/// [`OutOfMemory`] when the rows cannot be allocated or a text has more than
/// `2^32 - 2` code points.
pub fn distance(a: Text<'_>, b: Text<'_>) -> Result<usize, OutOfMemory> {
    match b {
        Text::Latin1(b) => two_rows(a, b),
        Text::Ucs2(b) => two_rows(a, b),
        Text::Ucs4(b) => two_rows(a, b),
    }
}

fn two_rows<U: CodeUnit>(a: Text<'_>, b: &[U]) -> Result<usize, OutOfMemory> {
    let m = length_u32(a.len())?;
    let n = length_u32(b.len())?;

    let row_length = b.len() + 1;
    let mut rows: Vec<u32> = with_capacity(2 * row_length)?;
    // Row 0 of the table: D[0][j] = j.
    rows.extend(0..=n);
    rows.resize(2 * row_length, 0);
    let (mut above, mut current) = rows.split_at_mut(row_length);

    for (i, row) in (0..a.len()).zip(1..=m) {
        let a_i = a.code_point(i);
        // D[i][0] = i
        current[0] = row;
        let mut left = row;
        let mut diagonal = above[0];
        for ((&up, cell), &b_j) in above[1..].iter().zip(&mut current[1..]).zip(b) {
            // D[i][j] = min(D[i-1][j] + 1, D[i][j-1] + 1, D[i-1][j-1] + (a[i] != b[j]))
            // `left` comes last: it is the one term that the next cell must wait for.
            let substituted = diagonal + u32::from(a_i != b_j.into());
            left = substituted.min(up + 1).min(left + 1);
            *cell = left;
            diagonal = up;
        }
        swap(&mut above, &mut current);
    }
    Ok(above[b.len()] as usize)
}
