//! The functions whose calls count, by name.

use super::Kind;

/// What Cython looks at before it follows, unless it is told not to.
pub const CHECKS: [&str; 3] = ["boundscheck", "wraparound", "initializedcheck"];

/// Functions and macros of Python's C API, whatever language calls them.
fn of_python(name: &str) -> Option<Kind> {
    let name = name.strip_prefix("Py")?;
    Some(match name {
        "_INCREF" | "_XINCREF" | "_DECREF" | "_XDECREF" | "_NewRef" | "_XNewRef" | "_CLEAR"
        | "_SETREF" | "_XSETREF" | "_VISIT" | "Object_GC_Track" | "Object_GC_UnTrack"
        | "Object_GetBuffer" | "Buffer_Release" => Kind::References,
        "Unicode_READ" | "Unicode_READ_CHAR" | "Unicode_WRITE" => Kind::Pointers,
        _ if name.ends_with("_GET_ITEM") || name.ends_with("_SET_ITEM") => Kind::Pointers,
        _ if name.starts_with("Mem_") => Kind::Allocations,
        _ => match name
            .strip_prefix("Object_GC_")
            .or_else(|| name.strip_prefix("Object_"))?
        {
            "Malloc" | "Calloc" | "Realloc" | "Resize" | "Free" | "New" | "NewVar" | "Del" => {
                Kind::Allocations
            }
            _ => return None,
        },
    })
}

fn of_libc(name: &str) -> Option<Kind> {
    Some(match name {
        "malloc" | "calloc" | "realloc" | "aligned_alloc" | "strdup" | "free" => Kind::Allocations,
        "memcpy" | "memmove" | "memset" | "memcmp" | "memchr" | "strcpy" | "strncpy" | "strcat"
        | "strncat" | "strlen" | "strcmp" | "strncmp" | "strcoll" | "strxfrm" | "strchr"
        | "strrchr" | "strspn" | "strcspn" | "strpbrk" | "strstr" | "strtok" => Kind::Pointers,
        _ => return None,
    })
}

pub fn of_c(name: &str) -> Option<Kind> {
    match name {
        "tp_alloc" | "tp_free" => Some(Kind::Allocations),
        _ => of_python(name).or_else(|| of_libc(name)),
    }
}

/// Functions of Rust; `path` is what stands before the `::` before the name, if anything.
pub fn of_rust(path: &str, name: &str) -> Option<Kind> {
    Some(match (path, name) {
        ("libc", _) => return of_libc(name),
        (_, "tp_alloc" | "tp_free" | "into_raw" | "from_raw" | "leak")
        | ("ManuallyDrop", _)
        | ("alloc", "alloc" | "alloc_zeroed" | "realloc" | "dealloc")
        | ("Vec" | "String", "from_raw_parts") => Kind::Allocations,
        (_, "forget" | "into_ptr") => Kind::References,
        (_, "from_raw_parts" | "from_raw_parts_mut" | "from_ptr" | "set_len") => Kind::Pointers,
        ("ptr", _) if of_raw_pointer(name) => Kind::Pointers,
        (_, "cast_mut" | "cast_const" | "transmute" | "transmute_copy" | "zeroed") => Kind::Casts,
        _ if name.starts_with("assume_init") => Kind::Casts,
        _ if name.ends_with("_unchecked") || name.ends_with("_unchecked_mut") => {
            if name.starts_with("cast_") || name.starts_with("downcast_") {
                Kind::Casts
            } else {
                Kind::Pointers
            }
        }
        _ => {
            let bare = name
                .strip_suffix("_or_err")
                .or_else(|| name.strip_suffix("_or_opt"))
                .unwrap_or(name);
            match bare {
                "from_owned_ptr" | "from_borrowed_ptr" => Kind::References,
                _ => return of_python(name),
            }
        }
    })
}

/// Methods of raw pointers that follow or move them. Safe types have methods of the same names.
pub fn of_raw_pointer(name: &str) -> bool {
    let name = name.strip_prefix("byte_").unwrap_or(name);
    let moves = ["add", "sub", "offset", "offset_from", "as_ref", "as_mut"];
    let starts = ["read", "write", "copy", "swap", "replace", "drop_in_place"];
    moves.contains(&name)
        || starts.iter().any(|start| {
            let rest = name.strip_prefix(start);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
}

/// Functions of cffi and ctypes.
pub fn of_ffi(name: &str) -> Option<Kind> {
    Some(match name {
        "new_handle" | "from_handle" | "callback" => Kind::References,
        "gc" | "release" | "new_allocator" => Kind::Allocations,
        "unpack" | "buffer" | "from_buffer" | "string" | "memmove" | "memset" | "string_at"
        | "wstring_at" => Kind::Pointers,
        "cast" | "dlopen" => Kind::Casts,
        _ => return None,
    })
}
