//! What keeps the object that a dictionary keeps for its owner.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// One more reference to the tag of a dictionary, to be dropped last.
///
/// The tag of a dictionary may be a dictionary, whose tag may be a dictionary, and so
/// on. `PyO3` frees an object inside of the one that owned it, so a long chain of them
/// would overflow the stack. Containers of Python know how to put that off: so the last
/// reference to the tag lies in a tuple, through which every chain then leads. The one
/// beside it is there because Python can read that without any code of Rust.
pub struct LastReference(Option<Py<PyTuple>>);

impl LastReference {
    pub fn new(py: Python<'_>, tag: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let tuple = tag.map(|tag| PyTuple::new(py, [tag])).transpose()?;
        Ok(Self(tuple.map(Bound::unbind)))
    }

    /// Shows the garbage collector what the object owns. There is nothing to clear: the
    /// tag never changes, so each cycle through it also goes through an object that was
    /// changed later, and is broken there. Tuples do the same.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.0)
    }
}
