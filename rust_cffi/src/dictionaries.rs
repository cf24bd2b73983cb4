//! Words that are copied once.

use crate::boundary::{boxed, free, items, lev_code_point, lev_status, pieces, write};
use levenshtein::Text;
use levenshtein::dictionary::Dictionary;

/// Words that are copied once and searched many times. Threads may share one.
#[derive(Debug)]
pub struct lev_dictionary(pub(crate) Dictionary);

/// A place for a dictionary, for bindings that watch over structs better than over pointers.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lev_place {
    /// Null, or the dictionary.
    pub dictionary: *mut lev_dictionary,
}

/// A dictionary of `count` words, which stand one after the other in `text`. Invalid
/// unless `lengths` adds up to `text_length`.
///
/// # Safety
///
/// `text` points to `text_length` code points, `lengths` to the length of each word
/// in code points, and `dictionary` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_dictionary_new_latin1(
    text: *const u8,
    text_length: usize,
    lengths: *const u64,
    count: usize,
    dictionary: *mut *mut lev_dictionary,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(dictionary, || {
            let (text, lengths) = (items(text, text_length), items(lengths, count));
            copied(text, lengths, Text::Latin1)
        })
    }
}

/// The same for code points of four bytes. Each word is kept in the narrowest width
/// that holds it.
///
/// # Safety
///
/// As for `lev_dictionary_new_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_dictionary_new_ucs4(
    text: *const lev_code_point,
    text_length: usize,
    lengths: *const u64,
    count: usize,
    dictionary: *mut *mut lev_dictionary,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(dictionary, || {
            let (text, lengths) = (items(text, text_length), items(lengths, count));
            copied(text, lengths, Text::Ucs4)
        })
    }
}

/// Frees what `dictionary` points to and makes it null. Null is left alone, so a place can
/// be put under the care of a destructor before it is filled.
///
/// # Safety
///
/// `dictionary` points to null or to what `lev_dictionary_new_*` wrote there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_dictionary_free(dictionary: *mut *mut lev_dictionary) {
    // SAFETY: the caller vouches for `dictionary`.
    unsafe { free(dictionary) }
}

fn copied<'a, T>(
    text: &'a [T],
    lengths: &[u64],
    as_text: impl Fn(&'a [T]) -> Text<'a>,
) -> Result<*mut lev_dictionary, lev_status> {
    let mut dictionary = Dictionary::new();
    pieces(text, lengths, |word| Ok(dictionary.push(as_text(word))?))?;
    boxed(lev_dictionary(dictionary))
}
