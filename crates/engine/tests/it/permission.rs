//! Who may change anything: the engine asks before it decides.

use surety_aims::{Rejection, Role};
use surety_engine::{Asked, Batch, Error};

use crate::given::{Home, group, person, run, size, titles};

#[tokio::test]
async fn who_only_reads_changes_nothing() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let before = size(&aims).await;
    for role in [Role::Viewer, Role::Auditor, Role::Approver] {
        let refused = aims.execute(&person("PER-1", role), Batch::of([group("Credit")])).await;
        let Err(Error::Rejected(rejection)) = refused else { panic!("{role:?} could state") };
        assert!(matches!(*rejection, Rejection::Denied(_)), "{rejection}");
        let refused = aims.redact(&person("PER-1", role), 0, "on request", &[]).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{role:?} could redact");
    }
    assert_eq!(size(&aims).await, before);
}

#[tokio::test]
async fn only_an_owner_speaks_for_others() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let asked = || Asked { command: group("Credit"), on_behalf_of: Some("PER-7".into()) };
    for role in Role::ALL {
        let done = aims.execute(&person("PER-1", role), Batch::of([asked()])).await;
        assert_eq!(done.is_ok(), role == Role::Owner, "{role:?}");
    }
    let position = aims.current().await.unwrap();
    let record = position.book.get("GRP-1".parse().unwrap()).unwrap();
    assert_eq!(&*record.stated.by, "PER-7");
    run(&aims, [group("Fraud")]).await;
    assert_eq!(titles(&aims, surety_aims::Kind::SystemGroup).await, ["Credit", "Fraud"]);
}
