//! Reads a number.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;

    #[pyfunction]
    fn number(text: &str) -> PyResult<f64> {
        // PyO3 makes a ValueError of the error.
        Ok(text.parse::<f64>()?)
    }
}
