//! Points, and how far they are apart.

/// A point in the plane.
pub struct Point {
    x: f64,
    y: f64,
}

/// A new point. `point_free` takes it back.
#[unsafe(no_mangle)]
pub extern "C" fn point_new(x: f64, y: f64) -> *mut Point {
    // The header declares the struct without its fields: private, but with a name.
    Box::into_raw(Box::new(Point { x, y }))
}

/// How far two points are apart.
///
/// # Safety
///
/// `a` and `b` come from `point_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn point_distance(a: *const Point, b: *const Point) -> f64 {
    let (a, b) = unsafe { (&*a, &*b) };
    (a.x - b.x).hypot(a.y - b.y)
}

/// Frees a point.
///
/// # Safety
///
/// `point` comes from `point_new` and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn point_free(point: *mut Point) {
    drop(unsafe { Box::from_raw(point) });
}
