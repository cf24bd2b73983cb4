use std::path::Path;

use crate::code::Language;
use crate::effort::values::Unchecked;

fn count(language: Language, text: &str) -> Unchecked {
    let mut found = Unchecked::default();
    found.count(language, text);
    found
}

/// Compares the operations of a text with what is expected, such as "pointers 2, casts 1".
fn check(language: Language, text: &str, expected: &str) {
    let found = count(language, text);
    let kinds = [
        ("unsafe", found.unsafe_blocks),
        ("references", found.reference_counts),
        ("allocations", found.allocations),
        ("pointers", found.pointers),
        ("casts", found.casts),
    ];
    let counted = kinds.iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> = counted
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    let nothing = if words.is_empty() { "nothing" } else { "" };
    assert_eq!(words.join(", ") + nothing, expected, "{text}");
}

/// Checks the body of a function of C.
fn in_c(body: &str, expected: &str) {
    let text = format!("static int\nf(int n, char *p, char **q)\n{{\n{body}\n}}\n");
    check(Language::C, &text, expected);
}

/// Checks the body of a function of Cython, whose lines are indented by four spaces.
fn in_cython(body: &str, expected: &str) {
    let text = format!("cdef int f(int n, char *p, char **q) except -1:\n    {body}\n");
    check(Language::Cython, &text, expected);
}

/// Checks a text of Rust, which need not be a whole file.
fn in_rust(text: &str, expected: &str) {
    check(Language::Rust, text, expected);
}

/// The same in Python.
fn in_python(text: &str, expected: &str) {
    check(Language::Python, text, expected);
}

#[test]
fn the_ending_says_the_language() {
    let of = |name: &str| Language::of(Path::new(name));
    assert_eq!(of("a/b.h"), Some(Language::C));
    assert_eq!(of("_kernel.pxd"), Some(Language::Cython));
    assert_eq!(of("lib.rs"), Some(Language::Rust));
    assert_eq!(of("setup.py"), Some(Language::Python));
    assert_eq!(of("Cargo.toml"), Some(Language::Toml));
    assert_eq!(of("Makefile"), None);
}

#[test]
fn kinds_are_summed_one_by_one() {
    let mut found = count(Language::C, "void f(char *p) { free(p); *p = (char *)p; }");
    found.count(Language::Rust, "unsafe { f() }");
    assert_eq!(
        found,
        Unchecked {
            unsafe_blocks: 1,
            reference_counts: 0,
            allocations: 1,
            pointers: 1,
            casts: 1,
        }
    );
}

#[test]
fn comments_and_literals_are_no_code() {
    in_c("/* *p */ g('*', L\"->\"); // p->x", "nothing");
    in_c(r#"g("*p Py_INCREF(p) \" *p", '\'');"#, "nothing");
    in_c(r#"g("a\"b", p[0]);"#, "pointers 1");
    in_cython(r#"g("p[0]", f'{p[0]}', c"[")  # p[0]"#, "nothing");
    in_cython(
        "\"\"\"One \"p[0]\".\n\n    p[0]\n    \"\"\"\n    p[0]",
        "pointers 1",
    );
    in_rust("// unsafe {}\n/* unsafe */", "nothing");
    in_rust(r#"let a = "unsafe {"; unsafe {}"#, "unsafe 1");
    in_rust(
        r##"let a = r#"a" unsafe {}"#; let b = br"\"; unsafe {}"##,
        "unsafe 1",
    );
    in_rust(r#"let a = ['\'', '"', b'}']; unsafe { g() }"#, "unsafe 1");
    in_rust(
        "fn f<'a>(r#in: &'a str) -> &'a str { 'b: loop {} }",
        "nothing",
    );
}

#[test]
fn in_c_a_star_follows_multiplies_or_declares() {
    in_c("return *p;", "pointers 1");
    in_c("return **q;", "pointers 1");
    in_c("if (n > *p)\n*p = n * *p;", "pointers 3");
    in_c("*p = (*q)[n] * n;", "pointers 3");
    in_c(
        "n = n * n; n *= (n) * 2; n = g(n) * p[n] * n;",
        "pointers 1",
    );
    in_c("n = (size_t)*p; n = (n)*n;", "nothing");
    in_c(
        "int *a = q; const T *b; T *d[2] = {a, b}; struct s *e;",
        "nothing",
    );
    in_c(
        "int (*g)(int *, char *a) = h; static char *names[] = {\"x\"};",
        "nothing",
    );
    in_c("n = sizeof(int *) + sizeof(*p) + sizeof(q[0]);", "nothing");
    in_c("for (T *a = p; *a != 0; a++) { g(*a); }", "pointers 2");
    in_c(
        "switch (n) { case 1: *p = 1; default: *p = 2; }",
        "pointers 2",
    );
    in_c("done: *p = n ? *p : **q;", "pointers 3");
    in_c("n = va_arg(list, T *);", "nothing");
}

#[test]
fn in_c_arrows_and_subscripts_follow() {
    in_c("a->b.c->d = e.f;", "pointers 2");
    in_c(
        "int a[3] = {1, [2] = 3}; a[0] = a[n + 1]; g(&a[2]);",
        "pointers 3",
    );
    in_c("q[0][1] = b.c[n];", "pointers 3");
    in_c("*d = (struct s){.a = n, .b = p->x};", "pointers 2");
}

#[test]
fn what_takes_knowledge_of_types_is_not_counted() {
    in_c("p++; p += 2; g(p + n);", "nothing");
    in_cython("p += 1; g(p + n); s.x = s.keys[0]", "nothing");
}

#[test]
fn in_c_a_cast_counts_if_it_has_a_star() {
    in_c(
        "a = (T *)b; c = (const struct s *)(b); d = (size_t)n; (void)p;",
        "casts 2",
    );
    in_c(
        "g = (F)(void (*)(void))h; i = (T (*)(U *, int))h;",
        "casts 2",
    );
    in_c("d = (T ***)a;", "casts 1");
    in_c("((U *)a)->b = *(int *)c;", "pointers 2, casts 2");
    in_c("n = (n)(p); n = (a * b); n = (a * b) * c;", "nothing");
}

#[test]
fn functions_of_python_and_of_c_count_where_they_are_called() {
    in_c(
        "Py_INCREF(a); Py_XDECREF(a); b = Py_NewRef(a); Py_CLEAR(b);",
        "references 4",
    );
    in_c(
        "Py_VISIT(a); PyObject_GC_UnTrack(a); PyBuffer_Release(&a);",
        "references 3",
    );
    in_c(
        "Py_RETURN_NONE; PyUnicode_READY(a); g(Py_INCREF);",
        "nothing",
    );
    in_c(
        "T *a = malloc(n); free(a); PyMem_Free(b); t->tp_alloc(t, 0);",
        "allocations 4, pointers 1",
    );
    in_c(
        "PyObject_GC_Del(a); c = PyMem_New(T, n); PyObject_Call(a, b);",
        "allocations 2",
    );
    in_c(
        "memcpy(a, b, n); PyList_SET_ITEM(a, 0, b); strchr(a, n);",
        "pointers 3",
    );
    check(Language::C, "void free(void *p);", "nothing");
}

#[test]
fn a_macro_of_c_counts_where_it_is_defined() {
    let text = "\
#define NEXT(p) (*p)++ /* goes
                          on */ + p->x
#define TWO \\
    {#NAME, (F)(void (*)(void))name}
#if defined(A)
static int a[] = {NEXT(b), TWO};
#else
static int a[] = {*b};
#endif
#define FREE(x) do { free(x); x = NULL; } while (0)
";
    check(Language::C, text, "allocations 1, pointers 3, casts 1");
}

#[test]
fn in_cython_the_subscript_of_a_declared_pointer_counts() {
    in_cython("return p[0] + q[n] + n * p[1]", "pointers 3");
    in_cython("words[0] = words.x + [1, 2][0] + {1: 2}[1]", "nothing");
    in_cython("g(*words, **kwargs); n = n * n ** 2", "nothing");
    in_cython("cdef T *a = b, *c\n    a[0] = c[0]", "pointers 2");
    in_cython("cdef int[::1] view = b\n    view[0]", "nothing");
    in_cython("n = sizeof(p[0]) + sizeof(T *)", "nothing");
    in_cython("memcpy(p, &n, 4)\n    free(p)", "allocations 1, pointers 1");
    in_cython("Py_INCREF(a)\n    PyBuffer_Release(&b)", "references 2");
    let text = "cdef f(\n    S *s, T *t,\n) noexcept:\n    t[0]\n\ndef g(*args):\n    args[0]\n";
    check(Language::Cython, text, "pointers 1");
}

#[test]
fn in_cython_a_cast_is_no_comparison() {
    in_cython("a = <T *>b", "casts 1");
    in_cython("return (<const T *>b.c)[n]", "casts 1");
    in_cython(
        "g(<char *>b.c + n, <size_t>b + n, <object>c, <int>n < n)",
        "casts 2",
    );
    in_cython("if n < n * 2 > n: a = <T?>b", "nothing");
    in_cython(
        "a = b if n < 1 and <void **>c is NULL else (<object>d)(n)",
        "casts 2",
    );
}

#[test]
fn cython_says_where_its_checks_are_off() {
    let text = "\
# A comment.
# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=True

@cython.boundscheck(False)
@cython.wraparound(True)
def f():
    with cython.boundscheck(False):
        pass  # cython: boundscheck=False
";
    check(Language::Cython, text, "unsafe 4");
}

#[test]
fn the_c_in_a_docstring_of_cython_counts_as_c() {
    let text = "\
cdef extern from *:
    \"\"\"
    #define AT(p) (*(p) + 1)
    static char *next(struct s *s) { return (char *)s->at; }
    \"\"\"
    int AT(char *p)

def f():
    \"\"\"*(p)\"\"\"
";
    check(Language::Cython, text, "pointers 2, casts 1");
}

#[test]
fn each_unsafe_of_rust_counts_once() {
    in_rust(
        "unsafe { a() } unsafe fn f() {} unsafe impl S for T {}",
        "unsafe 3",
    );
    in_rust(
        "unsafe trait S {} unsafe extern \"C\" { fn f(); }",
        "unsafe 2",
    );
    in_rust(
        "#[unsafe(no_mangle)] pub unsafe extern \"C\" fn f() {}",
        "unsafe 2",
    );
    in_rust(
        "type F = unsafe extern \"C\" fn(a: u32); let f: unsafe fn(u32) = g;",
        "nothing",
    );
    in_rust("#![forbid(unsafe_code)] fn is_unsafe() {}", "nothing");
}

#[test]
fn in_rust_only_an_unsafe_block_follows() {
    in_rust("unsafe { *a = b * *c; (*d).e.f() }", "unsafe 1, pointers 3");
    in_rust(
        "unsafe { if x { &mut *a } else { g(2 * x) } *b }",
        "unsafe 1, pointers 2",
    );
    in_rust(
        "fn f(a: &mut u32) { *a = *a * 2; } unsafe { g() }; *b",
        "unsafe 1",
    );
    in_rust(
        "unsafe { a.add(1).read() + b.0.offset(2) }",
        "unsafe 1, pointers 3",
    );
    in_rust(
        "a.add(1).read(); b.replace(\"a\", \"b\"); c.write(d)",
        "nothing",
    );
    in_rust(
        "let a: Vec<*const u8> = f::<*mut T>(b as usize); fn g(a: *const *mut T)",
        "nothing",
    );
    in_rust(
        "unsafe { let a: *mut T = g::<*const U>(); &raw const a }",
        "unsafe 1",
    );
    in_rust(
        "slice::from_raw_parts(a, n); CStr::from_ptr(a); l.get_unchecked(0)",
        "pointers 3",
    );
    in_rust(
        "ptr::copy_nonoverlapping(a, b, n); ptr::null::<T>(); v.set_len(n)",
        "pointers 2",
    );
}

#[test]
fn in_rust_a_cast_is_one_of_pointers() {
    in_rust(
        "a as *const T; b as *mut *const U; c as usize; d as i32",
        "casts 2",
    );
    in_rust(
        "a.cast(); b.cast::<[[u8; 4]; 2]>(); c.cast::<Vec<Vec<u8>>>()",
        "casts 3",
    );
    in_rust(
        "a.cast()?; b.cast::<PyList>().is_ok(); c.cast_exact::<T>()",
        "nothing",
    );
    in_rust(
        "a.cast::<ffi::PyObject>(); b.cast_mut(); c.cast_const()",
        "casts 3",
    );
    in_rust(
        "mem::transmute::<A, B>(a); mem::zeroed(); b.assume_init_ref()",
        "casts 3",
    );
}

#[test]
fn what_rust_owns_by_hand_counts() {
    in_rust(
        "Box::into_raw(a); drop(Box::from_raw(b)); Arc::<T>::leak(c)",
        "allocations 3",
    );
    in_rust(
        "Vec::from_raw_parts(a, b, c); alloc::alloc(l); libc::free(a)",
        "allocations 2, pointers 1",
    );
    in_rust("free(a); allocate(b); fn from_raw(a: T) {}", "nothing");
    in_rust(
        "mem::forget(a); b.into_ptr(); Bound::from_owned_ptr_or_err(py, c)",
        "references 3",
    );
    in_rust(
        "ffi::Py_INCREF(a); ffi::PyList_SET_ITEM(a, 0, b); ffi::PyMem_Free(c)",
        "references 1, allocations 1, pointers 1",
    );
}

#[test]
fn python_counts_the_calls_of_cffi_and_ctypes() {
    in_python("a = ffi.new(\"T *\"); b = ffi.cast(\"U *\", a)", "casts 1");
    in_python(
        "ffi.gc(a, b); ffi.unpack(c, n); self._ffi.new_handle(d)",
        "references 1, allocations 1, pointers 1",
    );
    in_python("_unpack = ffi.unpack\n_unpack(a, n)", "pointers 1");
    in_python(
        "ctypes.cast(a, b)\nctypes.memmove(a, b, 1)",
        "pointers 1, casts 1",
    );
    in_python(
        "f.argtypes = [c_int]\nf.restype = None\nc_int.from_address(a)",
        "pointers 1, casts 2",
    );
    in_python(
        "cast(a); buffer(b); x.string(c); '''ffi.gc(a)'''  # ffi.gc(a)",
        "nothing",
    );
    in_python(
        "def f(*args, **kwargs):\n    return g(*args)[0] * 2 ** args[1]",
        "nothing",
    );
}

#[test]
fn a_text_that_ends_too_early_is_counted_to_its_end() {
    let text = "a<b *c ( [ { 'é\" \"\"\" r#\" /* *p -> x ++ (T *) # define F(x) } ] ) ; é\n\
                    unsafe { cdef int *f(T *p, :\n    <T *>x.y[0] = sizeof (*p\n    \
                    struct s { int *p; } = {";
    let ends = (0..=text.len()).filter(|end| text.is_char_boundary(*end));
    for (start, end) in ends.clone().zip(ends.rev()) {
        for language in [
            Language::C,
            Language::Cython,
            Language::Rust,
            Language::Python,
        ] {
            count(language, &text[..end]);
            count(language, &text[start..]);
        }
    }
}
