//! One query on its way through many words.

use crate::boundary::{boxed, free, lev_code_point, lev_status, ucs4, with_capacity, write};
use crate::dictionaries::lev_dictionary;
use levenshtein::dictionary::Words;
use levenshtein::search::{CHUNK_CELLS, Distances, Keep, Nearest, Search};
use std::ffi::{c_int, c_void};
use std::{mem, ptr, thread};

/// A query on its way through many words, for one thread at a time.
#[derive(Debug)]
pub struct lev_search(pub(crate) State);

#[derive(Debug)]
pub(crate) enum State {
    Distances(Search<Distances>),
    Nearest(Search<Nearest>),
    AllFound(Vec<u32>),
    NearestFound(Vec<u32>),
}

/// What a search has found.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lev_found {
    /// Null until the search is finished; then valid until the search is freed or reduced.
    pub numbers: *const u32,
    /// How many numbers there are.
    pub count: usize,
}

/// Says whether a word is wanted: 1 if it is, 2 if not. Any other number stops the search, 0
/// included: that is what a callback returns by default where it could not be made.
pub type lev_keep =
    unsafe extern "C-unwind" fn(context: *mut c_void, distance: u32, index: u32) -> i32;

/// Says whether the caller's interpreter runs: 0 if it is ending, or has ended.
pub type lev_alive = Option<unsafe extern "C" fn() -> c_int>;

/// A search for the distance between `query` and each word, by Myers' bit-vectors.
/// It finds one number for each word, in the order of the dictionary.
///
/// # Safety
///
/// `query` points to `query_length` code points, `dictionary` is alive, and `search`
/// points to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_distances(
    query: *const lev_code_point,
    query_length: usize,
    dictionary: *const lev_dictionary,
    search: *mut *mut lev_search,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(search, || {
            let words = (*dictionary).0.len();
            let started = Search::distances(ucs4(query, query_length), words)?;
            boxed(lev_search(State::Distances(started)))
        })
    }
}

/// A search for the `limit` words nearest to `query`, by Myers' bit-vectors. It finds
/// two numbers for each of them, its distance and its index, in ascending order of
/// the distance, ties by index.
///
/// # Safety
///
/// `query` points to `query_length` code points, and `search` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_nearest(
    query: *const lev_code_point,
    query_length: usize,
    limit: usize,
    search: *mut *mut lev_search,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(search, || {
            let started = Search::nearest(ucs4(query, query_length), limit)?;
            boxed(lev_search(State::Nearest(started)))
        })
    }
}

/// Goes on with a search for some 10 to 20 ms, and says what it found if that was the
/// rest. Between two steps the caller can look for signals.
///
/// Each step must be given the same dictionary; another one makes the answer wrong or
/// fails.
///
/// # Safety
///
/// `search` and `dictionary` are alive, no other thread uses `search`, and `found`
/// points to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_step(
    search: *mut lev_search,
    dictionary: *const lev_dictionary,
    found: *mut lev_found,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe { write(found, || (*search).0.advance(&(*dictionary).0, CHUNK_CELLS)) }
}

/// Reduces what a finished search for distances has found to the `limit` nearest of
/// those words that `keep` wants, as pairs like those of a search for the nearest.
/// Invalid for any other search.
///
/// `keep` is called once for each word, in the order of the dictionary, from the thread
/// of the call. When its answer is not one of those of `lev_keep`, the call ends at once with
/// `LEV_STATUS_STOPPED`. After a failure the search is of no more use.
///
/// # Safety
///
/// `search` is alive, nobody else uses it during the call, and `found` points to a place
/// to write to. `keep` returns to its caller, or ends its thread: that then sleeps until the
/// process is gone, because it cannot leave the frames of Rust above it. So it does when
/// `alive`, which may be null and is asked before each call of `keep`, says 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_nearest_where(
    search: *mut lev_search,
    limit: usize,
    keep: lev_keep,
    context: *mut c_void,
    alive: lev_alive,
    found: *mut lev_found,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(found, || {
            (*search).0.nearest_where(limit, |distance, index| {
                if alive.is_some_and(|alive| alive() == 0) {
                    sleep();
                }
                let unwound = Sleep;
                let answer = keep(context, distance, index);
                mem::forget(unwound);
                match answer {
                    1 => Ok(true),
                    2 => Ok(false),
                    _ => Err(lev_status::Stopped),
                }
            })
        })
    }
}

/// Frees what `search` points to, finished or not, and makes it null. Null is left alone.
///
/// # Safety
///
/// `search` points to null or to what `lev_search_*` wrote there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_free(search: *mut *mut lev_search) {
    // SAFETY: the caller vouches for `search`.
    unsafe { free(search) }
}

/// Has the thread sleep for ever when it is dropped: when `keep` unwinds the stack. Until
/// `CPython` 3.13, `pthread_exit` does so if the interpreter ends while it runs Python code.
struct Sleep;

impl Drop for Sleep {
    fn drop(&mut self) {
        sleep();
    }
}

fn sleep() -> ! {
    loop {
        thread::park();
    }
}

impl State {
    pub(crate) fn advance<W: Words + ?Sized>(
        &mut self,
        words: &W,
        cells: u64,
    ) -> Result<lev_found, lev_status> {
        let finished = match self {
            Self::Distances(search) => search.advance(words, cells)?,
            Self::Nearest(search) => search.advance(words, cells)?,
            Self::AllFound(_) | Self::NearestFound(_) => true,
        };
        if !finished {
            return Ok(lev_found {
                numbers: ptr::null(),
                count: 0,
            });
        }
        *self = match self.take() {
            Self::Distances(search) => Self::AllFound(search.into_distances()),
            Self::Nearest(search) => Self::NearestFound(flat(search.into_nearest())?),
            found => found,
        };
        Ok(self.found())
    }

    fn nearest_where(
        &mut self,
        limit: usize,
        keep: impl Fn(u32, u32) -> Result<bool, lev_status>,
    ) -> Result<lev_found, lev_status> {
        let Self::AllFound(distances) = self.take() else {
            return Err(lev_status::InvalidArgument);
        };
        let mut nearest = Nearest::new(limit);
        for (index, distance) in (0..).zip(distances) {
            if keep(distance, index)? {
                nearest.keep(index, distance)?;
            }
        }
        *self = Self::NearestFound(flat(nearest.into_sorted())?);
        Ok(self.found())
    }

    /// Leaves a search behind that has found nothing.
    fn take(&mut self) -> Self {
        mem::replace(self, Self::NearestFound(Vec::new()))
    }

    fn found(&self) -> lev_found {
        let numbers = match self {
            Self::AllFound(numbers) | Self::NearestFound(numbers) => numbers.as_slice(),
            Self::Distances(_) | Self::Nearest(_) => unreachable!("the search is finished"),
        };
        lev_found {
            numbers: numbers.as_ptr(),
            count: numbers.len(),
        }
    }
}

fn flat(nearest: impl ExactSizeIterator<Item = (u32, u32)>) -> Result<Vec<u32>, lev_status> {
    let mut numbers = with_capacity(2 * nearest.len())?;
    numbers.extend(nearest.flat_map(|(distance, index)| [distance, index]));
    Ok(numbers)
}
