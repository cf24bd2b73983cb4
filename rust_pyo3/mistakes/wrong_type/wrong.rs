//! Points, and how far they are apart.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;

    #[pyclass(frozen)]
    struct Point {
        x: f64,
        y: f64,
    }

    #[pyfunction]
    fn point(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[pyfunction]
    fn distance(a: &Point, b: &Bound<'_, PyAny>) -> f64 {
        // An object of any type has no fields: it must be cast first, and that can fail.
        (a.x - b.x).hypot(a.y - b.y)
    }
}
