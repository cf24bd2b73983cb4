//! Counts how often each value from 0 to 9 occurs.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;
    use std::sync::Mutex;

    static COUNTS: Mutex<[u32; 10]> = Mutex::new([0; 10]);

    #[pyfunction]
    fn count(value: usize) -> u32 {
        let mut counts = COUNTS.lock().unwrap();
        // Each index is checked, and a wrong one is a panic.
        counts[value] += 1;
        counts[value]
    }
}
