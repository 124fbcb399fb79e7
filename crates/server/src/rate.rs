//! How many requests an account may make: so many at once, and as many again as time goes by (the generic cell rate
//! algorithm). Each node counts for itself.

use std::{num::NonZeroU32, time::Duration};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
    state::keyed::DashMapStateStore,
};

use crate::problem::Problem;

/// A quota: `burst` requests at once, all of them anew after `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub burst: NonZeroU32,
    pub window: Duration,
}

type Limiter =
    RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// Who has made how many requests.
pub(crate) struct Limits {
    limiter: Option<(Limiter, Rate)>,
    clock: DefaultClock,
}

/// What is left to somebody.
pub(crate) struct Left {
    remaining: u32,
    rate: Rate,
}

/// Header fields of draft-ietf-httpapi-ratelimit-headers.
const LEFT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

impl Limits {
    /// Without a rate there is no limit.
    pub(crate) fn new(rate: Option<Rate>) -> Limits {
        let limiter = rate.and_then(|rate| {
            let each = rate.window.checked_div(rate.burst.get())?;
            let quota = Quota::with_period(each)?.allow_burst(rate.burst);
            Some((RateLimiter::dashmap(quota).with_middleware(), rate))
        });
        Limits { limiter, clock: DefaultClock::default() }
    }

    /// Counts a request of `who`.
    ///
    /// # Errors
    /// Problem 429 that says after how many seconds to come again.
    pub(crate) fn count(&self, who: &str) -> Result<Option<Left>, Problem> {
        let Some((limiter, rate)) = &self.limiter else { return Ok(None) };
        match limiter.check_key(&who.to_owned()) {
            Ok(snapshot) => Ok(Some(Left { remaining: remaining(&snapshot), rate: *rate })),
            Err(not_until) => Err(Problem::too_many(self.wait(&not_until))),
        }
    }

    /// Seconds until the next request is taken, rounded up.
    fn wait(&self, not_until: &NotUntil<<DefaultClock as Clock>::Instant>) -> u64 {
        let wait = not_until.wait_time_from(self.clock.now());
        wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
    }

    /// Forgets who has not come for long, so that memory stays bounded.
    pub(crate) fn forget(&self) {
        if let Some((limiter, _)) = &self.limiter {
            limiter.retain_recent();
        }
    }
}

fn remaining(snapshot: &StateSnapshot) -> u32 {
    snapshot.remaining_burst_capacity()
}

impl Left {
    /// Tells it in the header of an answer.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let (burst, window) = (self.rate.burst, self.rate.window.as_secs().max(1));
        let mut put = |name: HeaderName, text: String| {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        };
        put(POLICY, format!("\"account\";q={burst};w={window}"));
        put(LEFT, format!("\"account\";r={};t={window}", self.remaining));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whose window is so long that no test sees its end.
    fn limits(burst: u32) -> Limits {
        let burst = NonZeroU32::new(burst).unwrap();
        Limits::new(Some(Rate { burst, window: Duration::from_secs(1_000_000) }))
    }

    #[test]
    fn each_has_a_quota_of_its_own() {
        let limits = limits(2);
        for left in [1, 0] {
            assert_eq!(limits.count("kim").unwrap().unwrap().remaining, left);
        }
        let refused = limits.count("kim").err().unwrap();
        assert_eq!(refused.status.as_u16(), 429);
        assert!(limits.count("ana").is_ok());
    }

    #[test]
    fn without_a_rate_there_is_no_limit() {
        let limits = Limits::new(None);
        assert!((0..10_000).all(|_| matches!(limits.count("kim"), Ok(None))));
    }

    #[test]
    fn what_is_left_stands_in_the_header() {
        let mut headers = HeaderMap::new();
        limits(5).count("kim").unwrap().unwrap().write(&mut headers);
        assert_eq!(headers[&POLICY], "\"account\";q=5;w=1000000");
        assert_eq!(headers[&LEFT], "\"account\";r=4;t=1000000");
    }
}
