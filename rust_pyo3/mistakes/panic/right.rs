//! The mean of whole numbers, rounded.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;

    #[pyfunction]
    fn mean(numbers: Vec<i64>) -> PyResult<i64> {
        if numbers.is_empty() {
            return Err(PyValueError::new_err("the mean of nothing"));
        }
        Ok(numbers.iter().sum::<i64>() / numbers.len() as i64)
    }
}
