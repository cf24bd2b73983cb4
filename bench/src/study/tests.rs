use super::*;

pub const SMALL: &str = r#"
    [study]
    name = "s"
    title = "S"
    prelude = "p.py"
    reference = "a"
    baseline = "b"
    seed = 1
    [profile.quick]
    blocks = 2
    rounds = 2
    [[contender]]
    name = "a"
    title = "A"
    folder = "a"
    module = "a"
    [[contender]]
    name = "b"
    title = "B"
    folder = "b"
    module = "b"
    [[case]]
    name = "g/{kind}-{size}"
    about = "{size} of {kind}"
    params = { kind = ["x", "y"], size = [1, 2] }
    call = "f(size)"
"#;

pub fn load(text: &str) -> Result<Study> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("study.toml");
    std::fs::write(&path, text)?;
    Study::load(&path)
}

#[test]
fn a_case_is_expanded_over_every_combination_of_its_parameters() {
    let study = load(SMALL).unwrap();
    let names: Vec<_> = study.cases.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["g/x-1", "g/x-2", "g/y-1", "g/y-2"]);
    assert_eq!(study.cases[1].about, "2 of x");
    assert_eq!(study.cases[1].params["size"].as_integer(), Some(2));
}

#[test]
fn a_study_that_does_not_fit_together_is_refused_by_name() {
    for (from, to, message) in [
        (
            "reference = \"a\"",
            "reference = \"c\"",
            "'c', which is not a contender",
        ),
        ("name = \"b\"", "name = \"a\"", "'a' is used twice"),
        ("seed = 1", "sead = 1", "unknown field `sead`"),
        (
            "{kind}-{size}",
            "{kind}-{siz}",
            "a name in braces is not a parameter",
        ),
        ("[1, 2]", "1", "'size' is not a list"),
    ] {
        let error = format!("{:#}", load(&SMALL.replace(from, to)).unwrap_err());
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn what_a_study_says_of_its_regimes_must_fit_together_too() {
    let case = "call = \"f(size)\"";
    let with = |line: &str| format!("{case}\n{line}");
    let contender = |line: &str| format!("module = \"b\"\n{line}");
    let table = |lines: &str| with(&format!("[[table]]\nname = \"t\"\ntitle = \"T\"\n{lines}"));
    let chart = |lines: &str| with(&format!("[[chart]]\nfile = \"c\"\ntitle = \"C\"\n{lines}"));
    for (from, to, message) in [
        (
            case,
            with("[[regime]]\nname = \"h\"\ntitle = \"H\"\nabout = \"h\""),
            "case g/x-1: there is no regime 'g'",
        ),
        (case, with("except = [\"c\"]"), "case g/x-1 names 'c'"),
        (
            case,
            with("except = [\"a\", \"b\"]"),
            "no contender takes part in it",
        ),
        (case, with("contenders = [\"b\"]"), "so it needs `expect`"),
        (
            "module = \"b\"",
            contender("naive = true"),
            "`naive` needs `variant_of`",
        ),
        (
            "module = \"b\"",
            contender("checks = [\"c\"]"),
            "b names 'c', which is not a check",
        ),
        ("module = \"b\"", contender("cases = \"(\""), "cases of b"),
        (case, table("kind = \"slopes\""), "table t: it needs `x`"),
        (
            case,
            table("kind = \"break-even\"\nx = \"size\""),
            "and `y`, the parameter of its rows",
        ),
        (
            case,
            table("kind = \"times\"\ncontenders = [\"c\"]"),
            "table t: it names 'c'",
        ),
        (
            case,
            table("kind = \"times\"\ncases = \"(\""),
            "table t: regex",
        ),
        (
            case,
            chart("kind = \"bars\"\ntable = \"t\""),
            "chart c: bars need `table`",
        ),
        (
            case,
            chart("kind = \"heat-map\"\nx = \"size\""),
            "a heat map needs `x` and `y`",
        ),
        (
            case,
            with(&["[[regime]]\nname = \"g\"\ntitle = \"G\"\nabout = \"g\""; 2].join("\n")),
            "regimes: the name 'g' is used twice",
        ),
        (
            "module = \"a\"",
            "module = \"a\"\nchecks = []".to_owned(),
            "a is the reference, so",
        ),
    ] {
        let error = format!("{:#}", load(&SMALL.replace(from, &to)).unwrap_err());
        assert!(error.contains(message), "{message}: {error}");
    }
}

#[test]
fn a_case_applies_to_those_that_are_named_not_excepted_and_able() {
    let contenders_of = |text: &str| {
        let study = load(text).unwrap();
        let cases = study.cases.iter().map(|c| c.contenders.join(" "));
        cases.collect::<Vec<_>>()
    };
    assert_eq!(contenders_of(SMALL), ["a b"; 4]);
    let except = SMALL.replace("call = ", "except = [\"b\"]\ncall = ");
    assert_eq!(contenders_of(&except), ["a"; 4]);
    let able = SMALL.replace("module = \"b\"", "module = \"b\"\ncases = \"x-\"");
    assert_eq!(contenders_of(&able), ["a b", "a b", "a", "a"]);
    let alone = SMALL.replace("call = ", "contenders = [\"b\"]\nexpect = \"1\"\ncall = ");
    assert_eq!(contenders_of(&alone), ["b"; 4]);
}

#[test]
fn a_contender_that_names_its_checks_takes_no_other() {
    let check = "[[check]]\nname = \"k\"\nabout = \"\"\ninputs = \"[]\"\ncount = 1\nnames = []\ncalls = []\n";
    let takes = |line: &str| {
        let text = SMALL.replace("module = \"b\"", &format!("module = \"b\"\n{line}"));
        let study = load(&format!("{text}\n{check}")).unwrap();
        study.contenders[1].takes(&study.checks[0])
    };
    assert!(takes("") && takes("checks = [\"k\"]") && !takes("checks = []"));
}

#[test]
fn a_contender_with_some_parts_takes_part_where_these_are_enough() {
    let check = |name: &str, call: &str| {
        format!(
            "[[check]]\nname = \"{name}\"\nabout = \"\"\ninputs = \"[]\"\ncount = 1\n\
             names = []\ncalls = [\"{call}\"]\n"
        )
    };
    let case =
        |name: &str, more: &str| format!("[[case]]\nname = \"h/{name}\"\nabout = \"\"\n{more}\n");
    let text = [
        SMALL.replace(
            "seed = 1",
            "seed = 1\nparts = [\"f\", \"f_repeated\", \"Box\", \"Box.near\"]",
        ),
        case("one", "call = \"f(1)\"\nfloor = \"f_repeated(1, n)\""),
        case(
            "box",
            "setup = \"box = contender.Box()\"\ncall = \"box.near(1)\"",
        ),
        case("told", "call = \"made()\"\nuses = [\"Box\"]"),
        check("k", "f(1)"),
        check("boxes", "Box().near(1)"),
    ]
    .concat();
    let of = |line: &str| {
        let module = format!("module = \"b\"\n{line}");
        load(&text.replace("module = \"b\"", &module))
    };
    let taken = |study: &Study| {
        let cases = study.cases.iter().filter(|c| c.applies_to("b"));
        let names: Vec<_> = cases.filter_map(|c| c.name.strip_prefix("h/")).collect();
        let b = study.contender("b").unwrap();
        let checks = study.checks.iter().filter(|check| b.takes(check));
        let checks: Vec<_> = checks.map(|check| check.name.as_str()).collect();
        format!("{} | {} | {}", names.join(" "), checks.join(" "), b.floors)
    };
    assert_eq!(taken(&of("").unwrap()), "one box told | k boxes | true");
    assert_eq!(taken(&of("parts = [\"f\"]").unwrap()), "one | k | false");
    let both = of("parts = [\"f\", \"f_repeated\"]").unwrap();
    assert_eq!(taken(&both), "one | k | true");
    let boxes = of("parts = [\"Box\", \"Box.near\"]").unwrap();
    assert_eq!(taken(&boxes), "box told | boxes | true");
    let error = format!("{:#}", of("parts = [\"g\"]").unwrap_err());
    assert!(
        error.contains("b has the part 'g', which is not one"),
        "{error}"
    );
    // What it has is said once more by nothing in a record.
    let record = serde_json::to_string(&both).unwrap();
    assert!(!record.contains("\"parts\":[\"f"), "{record}");
}

const PEER: &str = r#"
    [[peer]]
    name = "lib"
    title = "Library"
    module = "adapters.lib"
    distributions = ["lib"]
    cases = "x-"
    checks = []
"#;

pub fn with_peer(more: &str) -> String {
    format!("{SMALL}{PEER}{more}")
}

#[test]
fn a_peer_is_a_rare_contender_that_is_not_built_and_does_other_work() {
    let study = load(&with_peer("")).unwrap();
    let peer = study.contenders.last().unwrap();
    assert_eq!(peer.name, "lib");
    assert!(peer.is_peer() && peer.optional && !peer.equal_work && !peer.floors);
    assert!(!study.contenders[0].is_peer() && study.contenders[0].equal_work);
    let taken = |name: &str| study.case(name).unwrap().applies_to("lib");
    assert!(taken("g/x-1") && !taken("g/y-1"));
    // A record holds it as a contender, and reads it again.
    let text = serde_json::to_string(&study).unwrap();
    assert!(!text.contains("\"peer\""), "{text}");
    let again: Study = serde_json::from_str(&text).unwrap();
    assert!(again.contender("lib").unwrap().is_peer());
}

#[test]
fn of_a_study_without_peers_a_record_says_nothing_new() {
    let text = serde_json::to_string(&load(SMALL).unwrap()).unwrap();
    for key in ["peer", "equal_work", "distributions", "calls", "goal"] {
        assert!(!text.contains(&format!("\"{key}")), "{key}: {text}");
    }
}

#[test]
fn a_call_of_ones_own_is_filled_in_and_belongs_to_what_is_verified() {
    let own = SMALL.replace("call = ", "calls = { b = \"g({size})\" }\ncall = ");
    let study = load(&own).unwrap();
    assert_eq!(study.cases[1].calls["b"], "g(2)");
    let hash = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("p.py"), "").unwrap();
        let path = folder.path().join("study.toml");
        std::fs::write(&path, text).unwrap();
        crate::state::study_hash(&Study::load(&path).unwrap()).unwrap()
    };
    assert_ne!(hash(&own), hash(SMALL));
    assert_ne!(hash(&own), hash(&own.replace("g({size})", "h({size})")));
}

#[test]
fn what_a_study_says_of_peers_goals_and_ladders_must_fit_together() {
    let unequal = |lines: &str| {
        let lines = format!("module = \"c\"\nequal_work = false\n{lines}");
        let c = "[[contender]]\nname = \"c\"\ntitle = \"C\"\nfolder = \"c\"\n";
        with_peer(&format!("{c}{lines}"))
    };
    let case = |line: &str| SMALL.replace("call = ", &format!("{line}\ncall = "));
    let goal = |contender: &str, cases: &str, against: &str| {
        with_peer(&format!(
            "[[goal]]\nwork = \"w\"\ncases = \"{cases}\"\ncontender = \"{contender}\"\n\
             against = [{against}]\nat_least = 2"
        ))
    };
    let ladder = |steps: &str| {
        let table = "[[table]]\nname = \"t\"\nkind = \"ladder\"\ntitle = \"T\"\n";
        format!("{SMALL}{table}steps = [{steps}]")
    };
    let step = |title: &str, case: &str, contender: &str, over: &str| {
        format!(
            "{{ title = \"{title}\", cause = \"\", case = \"{case}\", \
             contender = \"{contender}\"{over} }}, "
        )
    };
    let first = step("one", "g/x-1", "a", "");
    for (text, message) in [
        (unequal(""), "so it names its `cases` and its `checks`"),
        (unequal("cases = \"x\""), "so it names its `cases`"),
        (
            SMALL.replace(
                "module = \"b\"",
                "module = \"b\"\nequal_work = false\ncases = \"x\"\nchecks = []",
            ),
            "b does not do equal work, so it cannot be the reference",
        ),
        (
            SMALL.replace("module = \"b\"", "module = \"b\"\ndistributions = [\"b\"]"),
            "b has `distributions`, so it must be a `[[peer]]`",
        ),
        (
            with_peer("").replace("distributions = [\"lib\"]", "distributions = []"),
            "lib names no distribution",
        ),
        (
            with_peer("").replace("\"lib\"", "\"a\""),
            "'a' is used twice",
        ),
        (
            case("calls = { c = \"g()\" }"),
            "`calls` names 'c', which is not a contender",
        ),
        (
            case("except = [\"b\"]\ncalls = { b = \"g()\" }"),
            "`calls` names 'b', which takes no part in it",
        ),
        (goal("c", "x", ""), "the goal for w: it names 'c'"),
        (goal("a", "x", "\"c\""), "the goal for w: it names 'c'"),
        (goal("a", "z", ""), "no case has a name like z"),
        (
            ladder(""),
            "a ladder needs `steps`, and no other table has them",
        ),
        (
            ladder(&step("one", "g/z", "a", "")),
            "names 'g/z', which is not a case",
        ),
        (
            ladder(&step("one", "g/x-1", "c", "")),
            "step 'one' names 'c'",
        ),
        (ladder(&format!("{first}{first}")), "'one' is used twice"),
        (
            ladder(&step("one", "g/x-1", "a", ", over = \"two\"")),
            "`over` must be the title of an earlier step",
        ),
        (
            ladder(&first) + "\n[[chart]]\nfile = \"c\"\nkind = \"ladder\"\ntitle = \"C\"",
            "a ladder needs `table`",
        ),
    ] {
        let error = format!("{:#}", load(&text).unwrap_err());
        assert!(error.contains(message), "{message}: {error}");
    }
    load(&unequal("cases = \"x\"\nchecks = []")).unwrap();
    load(&goal("a", "x", "\"lib\"")).unwrap();
    let second = step("two", "g/x-2", "b", ", over = \"one\"");
    load(&ladder(&format!("{first}{second}"))).unwrap();
}
