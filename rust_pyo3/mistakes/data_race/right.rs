//! Counts how often each byte occurs.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;
    use std::sync::Mutex;

    static COUNTS: Mutex<[u64; 256]> = Mutex::new([0; 256]);

    #[pyfunction]
    fn add(py: Python<'_>, data: &[u8]) {
        py.detach(|| {
            let mut counts = COUNTS.lock().unwrap();
            for &byte in data {
                counts[usize::from(byte)] += 1;
            }
        });
    }

    #[pyfunction]
    fn count(byte: u8) -> u64 {
        COUNTS.lock().unwrap()[usize::from(byte)]
    }
}
