//! Many queries against one dictionary, in threads.

use super::groups::Dictionary;
use super::search::{Cell, TOGETHER};
use super::watch::{STEPS, Stop};
use crate::memory::with_capacity;
use crate::text::Text;
use rayon::ThreadPoolBuilder;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How many threads may work.
#[derive(Clone, Copy, Debug)]
pub struct Threads(NonZeroUsize);

/// Steps of work below which a second thread costs more than it brings: to start threads and
/// to await them takes some 100 microseconds.
const WORTH_A_THREAD: usize = 1 << 16;

/// How long the calling thread sleeps between two looks at whether to go on.
const LOOK: Duration = Duration::from_millis(20);

/// The words that are nearest to each query, as [`Dictionary::nearest`] has them.
pub type Found = Vec<Vec<(u32, u32)>>;

impl Threads {
    /// `wanted` threads, or as many as there are processors for this process.
    #[must_use]
    pub fn new(wanted: Option<NonZeroUsize>) -> Self {
        Self(wanted.unwrap_or(NonZeroUsize::MAX))
    }

    /// The most that may work: never more than there are processors for this process, because
    /// these would only wait for one another. To ask the system takes some 20 microseconds.
    #[must_use]
    pub fn most(self) -> usize {
        if self.0 == NonZeroUsize::MIN {
            return 1;
        }
        let available = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.0.min(available).get()
    }

    /// Does a task for each item, in threads where that is worth while, and returns what they
    /// give in the order of the items. `steps` is what one takes, about.
    ///
    /// Threads are started anew and joined before it returns: none is left that a forked
    /// process would miss. The calling thread then does none of the work: it is the one that
    /// asks whether to go on.
    fn share<I: Send, T: Send>(
        self,
        items: Vec<I>,
        steps: usize,
        task: impl Fn(I, &mut dyn FnMut() -> bool) -> Result<T, Stop> + Send + Sync,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Vec<T>, Stop> {
        let worth = steps.saturating_mul(items.len()) >= WORTH_A_THREAD && items.len() > 1;
        let threads = if worth {
            self.most().min(items.len())
        } else {
            1
        };
        if threads < 2 {
            return alone(items, steps, task, go_on);
        }
        let mut results: Vec<Option<T>> = with_capacity(items.len())?;
        results.resize_with(items.len(), || None);
        let (stopped, task) = (&AtomicBool::new(false), &task);
        thread::scope(|scope| {
            let pool = ThreadPoolBuilder::new()
                .num_threads(threads)
                .spawn_handler(|worker| {
                    let started = thread::Builder::new().spawn_scoped(scope, || worker.run());
                    started.map(drop)
                })
                .build();
            // Where no thread can be had, one has to do.
            let Ok(pool) = pool else {
                return alone(items, steps, task, go_on);
            };
            let (done, finished) = channel();
            pool.in_place_scope(|workers| {
                workers.spawn(move |_| {
                    let pairs = items.into_par_iter().zip(&mut results);
                    let outcome = pairs.try_for_each(|(item, result)| {
                        let mut go_on = || !stopped.load(Ordering::Relaxed);
                        *result = Some(task(item, &mut go_on)?);
                        if go_on() {
                            Ok(())
                        } else {
                            Err(Stop::Interrupted)
                        }
                    });
                    // Nobody listens only when the other side has panicked.
                    let _ = done.send(outcome.map(|()| results));
                });
                loop {
                    match finished.recv_timeout(LOOK) {
                        Ok(outcome) => return Ok(outcome?.into_iter().flatten().collect()),
                        Err(RecvTimeoutError::Timeout) => {
                            if !go_on() {
                                stopped.store(true, Ordering::Relaxed);
                            }
                        }
                        // The thread has panicked, and the scope hands that on.
                        Err(RecvTimeoutError::Disconnected) => return Err(Stop::Interrupted),
                    }
                }
            })
        })
    }
}

/// Does the tasks one after the other.
fn alone<I, T>(
    items: Vec<I>,
    steps: usize,
    task: impl Fn(I, &mut dyn FnMut() -> bool) -> Result<T, Stop>,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Vec<T>, Stop> {
    let mut results = with_capacity(items.len())?;
    let mut spent = 0_usize;
    for item in items {
        results.push(task(item, go_on)?);
        // A task asks by itself only when it is long.
        spent = spent.saturating_add(steps);
        if spent >= STEPS {
            spent = 0;
            if !go_on() {
                return Err(Stop::Interrupted);
            }
        }
    }
    Ok(results)
}

impl Dictionary {
    /// The steps that a search for a query takes if it passes over no word.
    fn steps(&self, queries: &[Text<'_>]) -> usize {
        let letters: usize = queries.iter().map(Text::len).sum();
        let each = letters / queries.len().max(1);
        let long = self.long_letters() / 64;
        each.saturating_add(1)
            .saturating_mul(self.groups.len() + long + 1)
    }

    /// [`Dictionary::nearest`] for each query, in their order, in threads.
    ///
    /// # Errors
    ///
    /// [`Stop`] says why there is no answer.
    pub fn nearest_many(
        &self,
        queries: &[Text<'_>],
        limit: usize,
        threads: Threads,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Found, Stop> {
        let mut items = with_capacity(queries.len())?;
        items.extend_from_slice(queries);
        let task = |query, go_on: &mut dyn FnMut() -> bool| {
            Ok(self.nearest(&self.query(query)?, limit, go_on)?.collect())
        };
        threads.share(items, self.steps(queries), task, go_on)
    }

    /// Writes the distance of each word to each query to `out`: a row for each query, with a
    /// cell for each word.
    ///
    /// # Errors
    ///
    /// [`Stop`] says why not all of them are there.
    ///
    /// # Panics
    ///
    /// When `out` has another size, or a distance may not fit into its cells.
    pub fn cdist<C: Cell>(
        &self,
        queries: &[Text<'_>],
        out: &mut [C],
        threads: Threads,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<(), Stop> {
        assert_eq!(
            out.len(),
            queries.len() * self.len(),
            "a cell for each pair"
        );
        let size = TOGETHER * self.len().max(1);
        let mut items = with_capacity(queries.len().div_ceil(TOGETHER))?;
        items.extend(queries.chunks(TOGETHER).zip(out.chunks_mut(size)));
        let task = |(some, rows): (&[Text<'_>], &mut [C]), go_on: &mut dyn FnMut() -> bool| {
            let mut queries = with_capacity(some.len())?;
            for &query in some {
                queries.push(self.query(query)?);
            }
            self.distances_of(&queries, rows, go_on)
        };
        threads.share(items, TOGETHER * self.steps(queries), task, go_on)?;
        Ok(())
    }
}
