//! What becomes of a worker that died: when it is forgiven and asked the same again, and when its
//! death is a result. All verbs that ask for cases hold to this one policy.
//!
//! What may have come from outside, from the system for want of memory or from a person, is
//! forgiven once at each point. So is a death before any contender had its turn. Everything else
//! is the doing of the contender whose turn it was.

use anyhow::{Result, ensure};

use crate::protocol::Announcement;
use crate::study::Case;
use crate::worker::Died;

/// How often a worker may be killed from outside, each time at another point.
const MOST_FORGIVEN: u32 = 10;

/// What has been forgiven of one request.
#[derive(Default)]
pub struct Restarts {
    last: Option<Announcement>,
    forgiven: u32,
}

impl Restarts {
    /// Whether a death is forgiven. An error when something kills again and again.
    pub fn forgives(&mut self, died: &Died) -> Result<bool> {
        let blameless = died.from_outside || died.during.contender.is_empty();
        let again = self.last.replace(died.during.clone()) == Some(died.during.clone());
        if again || !blameless {
            self.forgiven = 0;
            return Ok(false);
        }
        self.forgiven += 1;
        ensure!(
            self.forgiven <= MOST_FORGIVEN,
            "workers are killed repeatedly: {died}"
        );
        Ok(true)
    }
}

/// Asks again for as long as the worker's death is forgiven.
pub fn forgiving<T>(
    mut ask: impl FnMut() -> Result<Result<T, Died>>,
) -> Result<std::result::Result<T, Died>> {
    let mut restarts = Restarts::default();
    loop {
        match ask()? {
            Err(died) if restarts.forgives(&died)? => {}
            outcome => return Ok(outcome),
        }
    }
}

/// The cases that a contender's worker still has to be asked for.
pub struct CasesLeft<'a> {
    pub left: Vec<&'a Case>,
    restarts: Restarts,
}

/// What the end of a worker means.
pub enum End<'a> {
    /// It did all, and left so many processes behind.
    Done(usize),
    /// It is asked the same again, because what killed it may have disturbed what it said before.
    Forgiven,
    /// It died by the contender's doing, in a case or outside of all. The cases that come after
    /// this one are left.
    Died(Option<&'a Case>, Died),
}

impl<'a> CasesLeft<'a> {
    pub fn new(left: Vec<&'a Case>) -> Self {
        Self {
            left,
            restarts: Restarts::default(),
        }
    }

    /// Takes up how the worker ended that was asked for those that are left.
    pub fn ended(&mut self, outcome: Result<usize, Died>) -> Result<End<'a>> {
        let died = match outcome {
            Ok(left_behind) => {
                self.left.clear();
                return Ok(End::Done(left_behind));
            }
            Err(died) if self.restarts.forgives(&died)? => return Ok(End::Forgiven),
            Err(died) => died,
        };
        let dead = self.left.iter().position(|c| c.name == died.during.case);
        let case = dead.map(|dead| self.left[dead]);
        self.left = dead.map_or(Vec::new(), |dead| self.left.split_off(dead + 1));
        Ok(End::Died(case, died))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn died(case: &str, contender: &str, from_outside: bool) -> Died {
        Died {
            how: "killed".to_owned(),
            during: Announcement {
                case: case.to_owned(),
                contender: contender.to_owned(),
            },
            from_outside,
        }
    }

    #[test]
    fn what_may_have_come_from_outside_is_forgiven_once_at_each_point() {
        let mut restarts = Restarts::default();
        let mut forgives =
            |case, from_outside| restarts.forgives(&died(case, "a", from_outside)).unwrap();
        assert!(forgives("x", true));
        assert!(forgives("y", true));
        assert!(!forgives("y", true));
        assert!(!forgives("z", false));
    }

    #[test]
    fn a_death_in_nobodys_turn_is_forgiven_once() {
        let mut restarts = Restarts::default();
        assert!(restarts.forgives(&died("", "", false)).unwrap());
        assert!(!restarts.forgives(&died("", "", false)).unwrap());
    }

    #[test]
    fn what_kills_again_and_again_is_an_error() {
        let mut deaths = (0..).map(|number| died(&number.to_string(), "a", true));
        let error = forgiving::<()>(|| Ok(Err(deaths.next().unwrap()))).unwrap_err();
        assert!(error.to_string().contains("repeatedly: killed at 10"));
    }

    #[test]
    fn after_a_death_the_cases_that_follow_are_left() {
        let case = |name: &str| -> Case {
            toml::from_str(&format!("name = '{name}'\nabout = ''\ncall = 'f()'")).unwrap()
        };
        let all = ["a", "b", "c"].map(case);
        let mut cases = CasesLeft::new(all.iter().collect());
        let forgiven = cases.ended(Err(died("b", "x", true))).unwrap();
        assert!(matches!(forgiven, End::Forgiven) && cases.left.len() == 3);
        let end = cases.ended(Err(died("b", "x", true))).unwrap();
        assert!(matches!(end, End::Died(Some(case), _) if case.name == "b"));
        assert!(cases.left.len() == 1 && cases.left[0].name == "c");
        let end = cases.ended(Err(died("", "x", false))).unwrap();
        assert!(matches!(end, End::Died(None, _)) && cases.left.is_empty());
    }
}
