//! Reads a number.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;

    #[pyfunction]
    fn number(text: &str) -> f64 {
        // This is a number or an error, and nothing can be done before somebody asks which.
        text.parse::<f64>()
    }
}
