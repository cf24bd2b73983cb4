//! The mean of whole numbers, rounded.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;

    #[pyfunction]
    fn mean(numbers: Vec<i64>) -> i64 {
        // Without numbers this is a panic, and PyO3 makes an exception of it.
        numbers.iter().sum::<i64>() / numbers.len() as i64
    }
}
