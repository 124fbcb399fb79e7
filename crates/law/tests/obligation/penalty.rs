//! Fines: which reach a provision, and how high they can be.

use surety_law::obligation::{Operator, ceiling, penalties};

use crate::given::ai_act;

fn fines(id: &str, version: &str) -> String {
    let law = ai_act();
    let found = penalties(law, law.obligation(id).unwrap(), version);
    let told: Vec<String> = found
        .iter()
        .map(|one| {
            format!(
                "{}{}",
                one.fine.id,
                one.via.map(|via| format!(" via {via}")).unwrap_or_default()
            )
        })
        .collect();
    told.join(", ")
}

#[test]
fn each_provision_knows_what_follows_from_a_breach() {
    let cases = [
        ("aia.art5.1.a", "v2026", "fine.99-3"),
        ("aia.art26.1", "v2026", "fine.99-4"),
        ("aia.art9.2.a", "v2026", "fine.99-4 via Art 16(a)"),
        ("aia.art20.1", "v2026", "fine.99-4 via Art 16(j)"),
        ("aia.art49.1", "v2026", "fine.99-4, measure.83"),
        ("aia.art4.1", "v2026", "national"),
        ("aia.art27.1", "v2026", "national"),
        ("aia.art25.4", "v2026", "fine.99-4"),
        ("aia.art25.4", "v2024", ""),
        ("aia.art53.1.a", "v2026", "fine.101"),
        ("aia.art75a", "v2026", "fine.75c"),
        ("aia.art6.4", "v2026", "fine.99"),
        ("aia.art79.2", "v2026", ""),
        ("aia.art40.1", "v2026", ""),
    ];
    for (id, version, expected) in cases {
        assert_eq!(fines(id, version), expected, "{id} {version}");
    }
}

#[test]
fn a_ceiling_depends_on_who_is_fined() {
    let law = ai_act();
    let fine = |id: &str| law.penalties.fines.iter().find(|one| one.id == id).unwrap();
    let of = |id: &str, version: &str, operator, turnover| {
        ceiling(law, fine(id), version, operator, turnover).unwrap().ceiling_eur
    };
    let (small, large) = (Some(10_000_000), Some(10_000_000_000));
    assert_eq!(of("fine.99-3", "v2026", Operator::Larger, small), Some(35_000_000));
    assert_eq!(of("fine.99-3", "v2026", Operator::Larger, large), Some(700_000_000));
    assert_eq!(of("fine.99-3", "v2026", Operator::Sme, small), Some(700_000));
    assert_eq!(of("fine.99-4", "v2026", Operator::Sme, small), Some(300_000));
    assert_eq!(of("fine.99-4", "v2026", Operator::SmallMidCap, small), Some(300_000));
    assert_eq!(of("fine.99-4", "v2024", Operator::SmallMidCap, small), Some(15_000_000));
    assert_eq!(of("fine.99-3", "v2026", Operator::SmallMidCap, small), Some(35_000_000));
    assert_eq!(of("fine.99-5", "v2026", Operator::NotAnUndertaking, None), Some(7_500_000));
    assert_eq!(of("fine.99-4", "v2026", Operator::Larger, None), None, "the turnover is not known");
    assert_eq!(of("fine.101", "v2026", Operator::Sme, small), Some(15_000_000));
    assert_eq!(
        of("fine.99-3", "v2026", Operator::Larger, Some(u64::MAX)),
        Some(u64::MAX / 100 * 7 + 1)
    );
    assert!(ceiling(law, fine("national"), "v2026", Operator::Larger, large).is_none());
}
