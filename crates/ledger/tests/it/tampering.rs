//! Every way to tamper with a ledger is found out.

use proptest::prelude::*;
use proptest::sample::Index;
use surety_ledger::{Entry, Salt, VerifyError};

use crate::ledger::{Said, checkpoint, key, ledger_of, said, verified};

fn ledgers() -> impl Strategy<Value = Vec<Said>> {
    prop::collection::vec(said(), 2..40)
}

fn flip(bytes: &mut [u8], bit: Index) {
    let bit = bit.index(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

/// Verifies against the checkpoint of the honest ledger, as someone who kept it would.
fn found(honest: &[Entry], tampered: &[Entry]) -> Result<(), TestCaseError> {
    prop_assert!(verified(honest, &[checkpoint(honest, &key())]).is_ok());
    let verdict = verified(tampered, &[checkpoint(honest, &key())]);
    prop_assert!(verdict.is_err(), "{verdict:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_flipped_bit_of_a_header_is_found(
        said in ledgers(), at in any::<Index>(), bit in any::<Index>(),
    ) {
        let honest = ledger_of(&said);
        let mut tampered = honest.clone();
        flip(&mut tampered[at.index(honest.len())].header, bit);
        found(&honest, &tampered)?;
    }

    #[test]
    fn a_flipped_bit_of_a_salt_is_found_without_any_checkpoint(
        said in ledgers(), at in any::<Index>(), bit in any::<Index>(),
    ) {
        let honest = ledger_of(&said);
        let mut tampered = honest.clone();
        let at = at.index(honest.len());
        let mut salt = *honest[at].salt.unwrap().as_bytes();
        flip(&mut salt, bit);
        tampered[at].salt = Some(Salt::new(salt));
        found(&honest, &tampered)?;
        prop_assert!(verified(&tampered, &[]).is_err());
    }

    #[test]
    fn a_flipped_bit_of_a_payload_is_found_without_any_checkpoint(
        mut said in ledgers(), at in any::<Index>(), bit in any::<Index>(),
    ) {
        let at = at.index(said.len());
        said[at].payload.push(b'.');
        let honest = ledger_of(&said);
        let mut tampered = honest.clone();
        flip(tampered[at].payload.as_mut().unwrap(), bit);
        found(&honest, &tampered)?;
        prop_assert!(verified(&tampered, &[]).is_err());
    }

    #[test]
    fn a_deleted_entry_is_found(said in ledgers(), at in any::<Index>()) {
        let honest = ledger_of(&said);
        let mut tampered = honest.clone();
        tampered.remove(at.index(honest.len()));
        found(&honest, &tampered)?;
    }

    #[test]
    fn entries_cut_off_at_the_end_are_found(said in ledgers(), at in any::<Index>()) {
        let honest = ledger_of(&said);
        let left = &honest[..at.index(honest.len())];
        let verdict = verified(left, &[checkpoint(&honest, &key())]);
        let truncated = matches!(verdict, Err(VerifyError::Truncated { .. }));
        prop_assert!(truncated, "{:?}", verdict);
    }

    #[test]
    fn reordered_entries_are_found(
        said in ledgers(), one in any::<Index>(), distance in any::<Index>(),
    ) {
        let honest = ledger_of(&said);
        let mut tampered = honest.clone();
        let one = one.index(honest.len());
        let other = (one + 1 + distance.index(honest.len() - 1)) % honest.len();
        tampered.swap(one, other);
        found(&honest, &tampered)?;
        prop_assert!(verified(&tampered, &[]).is_err());
    }

    #[test]
    fn an_inserted_entry_is_found(
        said in ledgers(), forged in said(), at in any::<Index>(),
    ) {
        let honest = ledger_of(&said);
        let at = at.index(honest.len());
        // Sealed for the very place: all but the entries after it is as it should be.
        let mut longer = said.clone();
        longer.insert(at, Said { payload: b"forged".to_vec(), keyed: false, ..forged });
        let mut tampered = honest.clone();
        tampered.insert(at, ledger_of(&longer)[at].clone());
        found(&honest, &tampered)?;
    }

    #[test]
    fn a_ledger_forged_and_wholly_hashed_anew_is_found_by_an_older_checkpoint(
        mut said in ledgers(), at in any::<Index>(), kept in any::<Index>(),
    ) {
        let honest = ledger_of(&said);
        let at = at.index(honest.len());
        said[at].payload.push(b'!');
        let forged = ledger_of(&said);
        // The forger has the key and signs the forged head: alone, it is a perfect ledger.
        let signed_anew = checkpoint(&forged, &key());
        prop_assert!(verified(&forged, std::slice::from_ref(&signed_anew)).is_ok());
        let size = at + 1 + kept.index(honest.len() - at);
        let kept = checkpoint(&honest[..size], &key());
        let verdict = verified(&forged, &[signed_anew, kept]);
        let size = u64::try_from(size).unwrap();
        let caught = matches!(
            verdict,
            Err(VerifyError::Root { number: 1, size: signed }) if signed == size
        );
        prop_assert!(caught, "{:?}", verdict);
    }

    #[test]
    fn a_flipped_bit_of_a_checkpoint_is_found(said in ledgers(), bit in any::<Index>()) {
        let honest = ledger_of(&said);
        let mut note = checkpoint(&honest, &key()).into_bytes();
        flip(&mut note, bit);
        if let Ok(note) = String::from_utf8(note) {
            prop_assert!(verified(&honest, &[note]).is_err());
        }
    }
}
