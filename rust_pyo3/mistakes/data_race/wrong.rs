//! Counts how often each byte occurs.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;
    use std::cell::RefCell;

    // What everybody can reach is changed by way of a cell, and not every cell may be
    // reached by every thread.
    static COUNTS: RefCell<[u64; 256]> = RefCell::new([0; 256]);

    #[pyfunction]
    fn add(py: Python<'_>, data: &[u8]) {
        py.detach(|| {
            let mut counts = COUNTS.borrow_mut();
            for &byte in data {
                counts[usize::from(byte)] += 1;
            }
        });
    }

    #[pyfunction]
    fn count(byte: u8) -> u64 {
        COUNTS.borrow()[usize::from(byte)]
    }
}
