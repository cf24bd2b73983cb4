//! The kernels without Python, on the inputs of the study's cases and under their
//! names: an independent check of the floor that is measured from Python.

use criterion::{Criterion, criterion_group, criterion_main};
use levenshtein::dictionary::{Dictionary, Words};
use levenshtein::search::{CHUNK_CELLS, Search};
use levenshtein::{OutOfMemory, Text, myers, wagner_fischer};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::env;
use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
}

#[derive(Deserialize)]
struct WordList {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Lookup {
    words: Vec<String>,
    query: String,
    #[serde(default)]
    limit: usize,
}

criterion_group!(kernels, all);
criterion_main!(kernels);

fn all(criterion: &mut Criterion) {
    let Some(inputs) = Inputs::load() else {
        return;
    };
    for function in ["ascii-8", "ascii-64", "ascii-512"] {
        pair(
            criterion,
            &inputs,
            "pair",
            function,
            wagner_fischer::distance,
        );
    }
    for function in ["ascii-8", "ascii-64", "ascii-512", "ascii-4096"] {
        pair(criterion, &inputs, "myers", function, myers::distance);
    }
    build(criterion, &inputs);
    nearest(criterion, &inputs);
    distances_into(criterion, &inputs);
}

fn pair(
    criterion: &mut Criterion,
    inputs: &Inputs,
    group: &str,
    function: &str,
    kernel: fn(Text<'_>, Text<'_>) -> Result<usize, OutOfMemory>,
) {
    let Some(Pair { a, b }) = inputs.case(group, function) else {
        return;
    };
    let (a, b) = (Stored::new(&a), Stored::new(&b));
    criterion
        .benchmark_group(group)
        .bench_function(function, |bencher| {
            bencher.iter(|| kernel(black_box(a.text()), black_box(b.text())));
        });
}

fn build(criterion: &mut Criterion, inputs: &Inputs) {
    let Some(WordList { words }) = inputs.case("dictionary", "build") else {
        return;
    };
    let words: Vec<Stored> = words.iter().map(|word| Stored::new(word)).collect();
    criterion
        .benchmark_group("dictionary")
        .bench_function("build", |bencher| {
            bencher.iter(|| dictionary(black_box(&words)));
        });
}

fn nearest(criterion: &mut Criterion, inputs: &Inputs) {
    let Some(Lookup {
        words,
        query,
        limit,
    }) = inputs.case("dictionary", "nearest")
    else {
        return;
    };
    let words: Vec<Stored> = words.iter().map(|word| Stored::new(word)).collect();
    let (words, query) = (dictionary(&words), Stored::new(&query));
    criterion
        .benchmark_group("dictionary")
        .bench_function("nearest", |bencher| {
            bencher.iter(|| {
                let mut search =
                    Search::nearest(black_box(query.text()), black_box(limit)).unwrap();
                while !search.advance(&words, CHUNK_CELLS).unwrap() {}
                search.into_nearest().collect::<Vec<_>>()
            });
        });
}

fn distances_into(criterion: &mut Criterion, inputs: &Inputs) {
    let Some(Lookup { words, query, .. }) = inputs.case("dictionary", "distances-into") else {
        return;
    };
    let words: Vec<Stored> = words.iter().map(|word| Stored::new(word)).collect();
    let (words, query) = (dictionary(&words), Stored::new(&query));
    let mut out = vec![0_u32; words.len()];
    criterion
        .benchmark_group("dictionary")
        .bench_function("distances-into", |bencher| {
            bencher.iter(|| {
                let mut search = Search::distances(black_box(query.text()), words.len()).unwrap();
                while !search.advance(&words, CHUNK_CELLS).unwrap() {}
                out.copy_from_slice(&search.into_distances());
                black_box(&out);
            });
        });
}

fn dictionary(words: &[Stored]) -> Dictionary {
    let mut dictionary = Dictionary::new();
    for word in words {
        dictionary.push(word.text()).unwrap();
    }
    dictionary
}

/// A string in the narrowest width that holds it, as Python stores it.
enum Stored {
    Latin1(Vec<u8>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Stored {
    fn new(string: &str) -> Self {
        fn narrow<T: TryFrom<u32>>(string: &str) -> Option<Vec<T>> {
            string.chars().map(|c| T::try_from(c.into()).ok()).collect()
        }
        narrow(string)
            .map(Self::Latin1)
            .or_else(|| narrow(string).map(Self::Ucs2))
            .unwrap_or_else(|| Self::Ucs4(string.chars().map(u32::from).collect()))
    }

    fn text(&self) -> Text<'_> {
        match self {
            Self::Latin1(units) => Text::Latin1(units),
            Self::Ucs2(units) => Text::Ucs2(units),
            Self::Ucs4(units) => Text::Ucs4(units),
        }
    }
}

/// The inputs of the cases by their names, as the harness wrote them.
struct Inputs {
    path: PathBuf,
    cases: Map<String, Value>,
}

impl Inputs {
    fn load() -> Option<Self> {
        let path = env::var_os("FFI_BENCH_INPUTS").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/ffi-bench/inputs.json"),
            PathBuf::from,
        );
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) => {
                eprintln!(
                    "No benchmark inputs in {} ({error}): `ffi-bench run` writes them; set FFI_BENCH_INPUTS if they are elsewhere.",
                    path.display()
                );
                return None;
            }
        };
        match serde_json::from_reader(BufReader::new(file)) {
            Ok(cases) => Some(Self { path, cases }),
            Err(error) => panic!("{} is not a JSON object: {error}", path.display()),
        }
    }

    fn case<T: DeserializeOwned>(&self, group: &str, function: &str) -> Option<T> {
        let name = format!("{group}/{function}");
        let Some(value) = self.cases.get(&name) else {
            eprintln!(
                "{name}: skipped, {} has no inputs for it.",
                self.path.display()
            );
            return None;
        };
        match T::deserialize(value) {
            Ok(inputs) => Some(inputs),
            Err(error) => panic!("{name} in {}: {error}", self.path.display()),
        }
    }
}
