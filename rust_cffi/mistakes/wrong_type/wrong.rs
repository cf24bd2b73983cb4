//! Points, and how far they are apart.

use std::ffi::c_void;

/// A point in the plane.
pub struct Point {
    x: f64,
    y: f64,
}

/// A new point. `point_free` takes it back.
#[unsafe(no_mangle)]
pub extern "C" fn point_new(x: f64, y: f64) -> *mut c_void {
    // `void *` is what a handle is in many a C interface: it keeps the struct private.
    Box::into_raw(Box::new(Point { x, y })).cast()
}

/// How far two points are apart.
///
/// # Safety
///
/// `a` and `b` come from `point_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn point_distance(a: *const c_void, b: *const c_void) -> f64 {
    let (a, b) = unsafe { (&*a.cast::<Point>(), &*b.cast::<Point>()) };
    (a.x - b.x).hypot(a.y - b.y)
}

/// Frees a point.
///
/// # Safety
///
/// `point` comes from `point_new` and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn point_free(point: *mut c_void) {
    drop(unsafe { Box::from_raw(point.cast::<Point>()) });
}
