//! Time and chance, the only places where they enter.

use jiff::Timestamp;
use surety_ledger::Salt;

use crate::Error;

/// Where instants come from.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is set, for tests and for telling a history that lies in the past.
#[derive(Debug)]
pub struct FixedClock(std::sync::Mutex<Timestamp>);

impl FixedClock {
    pub fn new(instant: Timestamp) -> FixedClock {
        FixedClock(std::sync::Mutex::new(instant))
    }

    pub fn set(&self, instant: Timestamp) {
        *self.lock() = instant;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        // A panic elsewhere leaves an instant as good as any.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.lock()
    }
}

/// 32 bytes from the operating system.
pub(crate) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Fresh salts, fetched from the operating system many at a time.
#[derive(Default)]
pub(crate) struct Salts(Vec<[u8; 32]>);

impl Salts {
    const AT_ONCE: usize = 64;

    /// A salt that no other entry gets.
    pub(crate) fn next(&mut self) -> Result<Salt, Error> {
        if self.0.is_empty() {
            let mut fetched = [[0; 32]; Salts::AT_ONCE];
            fill(fetched.as_flattened_mut())?;
            self.0.extend(fetched);
        }
        self.0.pop().map(Salt::new).ok_or_else(|| Error::Random("none left".to_owned()))
    }
}

fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|error| Error::Random(error.to_string()))
}

/// `instant` to the microsecond, as entry headers keep it.
pub(crate) fn whole_microsecond(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}
