//! Sets of small numbers: findings, groups of findings that count as one, questions.

use std::fmt;

/// How many findings and groups, or questions, a procedure can have.
pub(super) const CAPACITY: usize = 256;

/// A set of findings (or of questions) by number.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Findings([u64; 4]);

impl Findings {
    pub(super) const NONE: Findings = Findings([0; 4]);
    /// Every number below [`CAPACITY`].
    pub(super) const ALL: Findings = Findings([u64::MAX; 4]);

    pub(super) fn of(numbers: impl IntoIterator<Item = usize>) -> Findings {
        let mut set = Findings::default();
        numbers.into_iter().for_each(|one| set.insert(one));
        set
    }

    /// Numbers from [`CAPACITY`] on are left out; a procedure with so many isn't made.
    pub(super) fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Findings::NONE
    }

    pub(super) fn meets(&self, other: &Findings) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    #[must_use]
    pub(super) fn and(self, other: &Findings) -> Findings {
        self.join(other, |a, b| a & b)
    }

    #[must_use]
    pub(super) fn or(self, other: &Findings) -> Findings {
        self.join(other, |a, b| a | b)
    }

    #[must_use]
    pub(super) fn without(self, other: &Findings) -> Findings {
        self.join(other, |a, b| a & !b)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.0.into_iter().enumerate();
        words.flat_map(|(place, word)| bits(word).map(move |bit| place * 64 + bit))
    }

    fn join(self, other: &Findings, with: impl Fn(u64, u64) -> u64) -> Findings {
        let mut words = self.0;
        words.iter_mut().zip(&other.0).for_each(|(word, other)| *word = with(*word, *other));
        Findings(words)
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The places of the set bits, lowest first.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = usize::try_from(word.trailing_zeros()).ok().filter(|bit| *bit < 64)?;
        word &= word - 1;
        Some(bit)
    })
}
