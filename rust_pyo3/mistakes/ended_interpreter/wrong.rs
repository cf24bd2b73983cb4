//! The numbers that a function of Python's wants.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;

    #[pyfunction]
    fn wanted(wants: &Bound<'_, PyAny>, end: u64) -> PyResult<Vec<u64>> {
        let mut numbers = Vec::new();
        for number in 0..end {
            // Until CPython 3.13, a thread that outlives the interpreter is unwound from here.
            if wants.call1((number,))?.is_truthy()? {
                numbers.push(number);
            }
        }
        Ok(numbers)
    }
}
