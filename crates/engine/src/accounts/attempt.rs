//! Attempts to sign in, counted so that guessing stays slow. They stand in the store, so that all nodes count together.

use std::net::IpAddr;

use jiff::SignedDuration;
use surety_ledger::Hash;

use super::{Accounts, Refused, session::Browser};
use crate::Error;

/// No more than so many attempts within so long. Several together make waits that grow.
pub(super) type Limit = (u64, SignedDuration);

/// Of one account: at first a minute to wait, in the end a day.
pub(super) const OF_ACCOUNT: &[Limit] = &[
    (5, SignedDuration::from_mins(1)),
    (10, SignedDuration::from_mins(15)),
    (20, SignedDuration::from_hours(1)),
    (50, SignedDuration::from_hours(24)),
];

/// Of one address on the network, behind which there may be a whole office.
const OF_ADDRESS: &[Limit] =
    &[(60, SignedDuration::from_mins(5)), (300, SignedDuration::from_hours(1))];

/// Attempts older than this count nowhere.
pub(super) const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

impl Accounts<'_> {
    /// Notes an attempt. If there were too many: how long it takes at most until the oldest of them no longer count. Attempts that
    /// find no room are not noted, so that whoever goes on knocking does not lock others out for ever.
    pub(super) async fn attempt(
        &self,
        key: &str,
        limits: &[Limit],
    ) -> Result<Option<SignedDuration>, Error> {
        if let Some(wait) = self.wait(key, limits, 0).await? {
            return Ok(Some(wait));
        }
        // Noted before it is counted again, so that many at once do not all find room.
        self.store.note_attempt(key, self.now()).await?;
        self.wait(key, limits, 1).await
    }

    /// The longest wait that attempts so far lead to, when `mine` of them are one's own.
    async fn wait(
        &self,
        key: &str,
        limits: &[Limit],
        mine: u64,
    ) -> Result<Option<SignedDuration>, Error> {
        for (most, within) in limits.iter().rev() {
            let since = self.now().checked_sub(*within).unwrap_or(jiff::Timestamp::MIN);
            if self.store.attempts_since(key, since).await? >= most.saturating_add(mine) {
                return Ok(Some(*within));
            }
        }
        Ok(None)
    }

    /// Counts an attempt from where it comes.
    ///
    /// # Errors
    /// [`Refused::TooMany`].
    pub(super) async fn room_for(&self, browser: &Browser) -> Result<(), Error> {
        let Some(address) = browser.address else { return Ok(()) };
        match self.attempt(&format!("address:{}", network(address)), OF_ADDRESS).await? {
            Some(wait) => Err(Refused::TooMany(wait).into()),
            None => Ok(()),
        }
    }
}

/// What attempts with an e-mail address are counted under, whether it is anybody's or not.
pub(super) fn key_of(email: &str) -> String {
    format!("account:{}", Hash::of(email.trim().to_lowercase().as_bytes()).to_base64())
}

/// An address, or for IPv6 the network of 64 bits that one household has.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [first, second, third, fourth, ..] = address.segments();
            format!("{first:x}:{second:x}:{third:x}:{fourth:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_is_one_network() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::3"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::3"), network("2001:db8:1:3::3"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn the_case_of_an_address_counts_as_little_as_when_accounts_are_found_by_it() {
        assert_eq!(key_of(" Kim@Ferries.Example"), key_of("kim@ferries.example"));
        assert!(!key_of("kim@ferries.example").contains("kim"));
    }
}
