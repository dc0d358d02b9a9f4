//! A private Asterisk, really started.

use engines::asterisk::{Error, Scratch, find_installed, start};

/// Killed together with its calls or only orphaned: the next start finds the right thing to do.
#[tokio::test]
async fn a_second_start_adopts_the_running_instance_and_a_changed_one_replaces_it() {
    let scratch = Scratch::start(|_| ()).await.unwrap();
    let first = scratch.instance();
    let install = find_installed().unwrap();

    let again = start(&install, first.config().clone()).await.unwrap();
    assert_eq!(again.pid(), first.pid(), "the same process was taken over");
    assert_eq!(again.ari(), first.ari(), "the password is remembered in the folder");

    let mut changed = first.config().clone();
    changed.trunk.contact = Some("127.0.0.1:5999".to_owned());
    let replaced = start(&install, changed).await.unwrap();
    assert_ne!(replaced.pid(), first.pid());
    replaced.stop().await;
}

#[tokio::test]
async fn two_instances_run_side_by_side() {
    let (a, b) = tokio::join!(Scratch::start(|_| ()), Scratch::start(|_| ()));
    assert_ne!(a.unwrap().instance().pid(), b.unwrap().instance().pid());
}

#[tokio::test]
async fn a_killed_instance_starts_again_in_the_same_folder() {
    let mut scratch = Scratch::start(|_| ()).await.unwrap();
    let before = scratch.instance().pid();
    scratch.restart().await.unwrap();
    assert_ne!(scratch.instance().pid(), before);
}

#[tokio::test]
async fn a_taken_port_is_named_with_the_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = Scratch::start(|c| c.http_port = port).await.unwrap_err();
    assert!(matches!(refused, Error::PortTaken { port: named, .. } if named == port));
    assert!(refused.to_string().contains("http_port"), "{refused}");
}

#[tokio::test]
async fn an_address_that_is_not_ours_is_not_called_taken() {
    let foreign = "192.0.2.1".parse().unwrap();
    let refused = Scratch::start(|c| c.bind = foreign).await.unwrap_err();
    assert!(matches!(refused, Error::Address { .. }), "{refused}");
}

#[tokio::test]
async fn a_process_that_ends_while_starting_is_reported_with_its_last_words() {
    let mut scratch = Scratch::start(|_| ()).await.unwrap();
    let astdb = scratch.instance().config().dir.join("lib/astdb.sqlite3");
    std::fs::remove_file(&astdb).unwrap();
    std::fs::create_dir(&astdb).unwrap();
    let error = scratch.restart().await.unwrap_err();
    assert!(matches!(error, Error::DidNotStart { .. }), "{error}");
    assert!(error.to_string().contains("database"), "{error}");
}

#[tokio::test]
async fn a_database_broken_by_a_power_cut_does_not_keep_it_from_starting() {
    let mut scratch = Scratch::start(|_| ()).await.unwrap();
    let astdb = scratch.instance().config().dir.join("lib/astdb.sqlite3");
    std::fs::write(&astdb, "this is no database").unwrap();
    scratch.restart().await.unwrap();
}
