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
    fn distance(a: &Point, b: &Point) -> f64 {
        (a.x - b.x).hypot(a.y - b.y)
    }
}
