//! What may be written, and what may not.

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn only_what_nobody_writes_any_more_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".addersr-dead.part"), b"half").unwrap();
    let target = Guard::default().claim(&folder.path().join("a.png"), false).unwrap();
    target
        .write(|_| {
            assert_eq!(names(folder.path()).len(), 2);
            sweep(folder.path());
            let left = names(folder.path());
            assert!(left.len() == 1 && !left[0].contains("dead"), "{left:?}");
            Ok(())
        })
        .unwrap();
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[test]
fn a_source_is_never_replaced_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("photo.png"), b"photo").unwrap();
    std::fs::hard_link(at("photo.png"), at("hard.png")).unwrap();
    std::fs::write(at("other.png"), b"other").unwrap();
    std::fs::create_dir(at("deep")).unwrap();
    let guard = Guard::new([at("photo.png")]);
    let mut links = vec!["photo.png", "./photo.png", "deep/../photo.png", "hard.png"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("photo.png"), at("soft.png")).unwrap();
        links.push("soft.png");
    }
    for link in links {
        for overwrite in [false, true] {
            let refused = guard.claim(&at(link), overwrite);
            assert!(matches!(refused, Err(Error { kind: ErrorKind::SameFile, .. })), "{link}: {refused:?}");
        }
    }
    let other = guard.claim(&at("other.png"), true).unwrap();
    // Made one file with the photo after the name was claimed.
    std::fs::remove_file(at("other.png")).unwrap();
    std::fs::hard_link(at("photo.png"), at("other.png")).unwrap();
    assert!(matches!(other.write_bytes(b"result"), Err(Error { kind: ErrorKind::SameFile, .. })));
    assert_eq!(std::fs::read(at("photo.png")).unwrap(), b"photo");
}

#[test]
fn what_appears_meanwhile_is_not_replaced_and_a_target_may_write_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let guard = Guard::default();
    let target = guard.claim(&at("a"), false).unwrap();
    assert!(matches!(
        guard.claim(&folder.path().join(".").join("a"), true),
        Err(Error { kind: ErrorKind::SameName, .. })
    ));
    std::fs::write(at("a"), b"precious").unwrap();
    assert!(matches!(target.write_bytes(b"new"), Err(Error { kind: ErrorKind::Exists, .. })));
    assert_eq!(std::fs::read(at("a")).unwrap(), b"precious");
    std::fs::remove_file(at("a")).unwrap();
    target.write_bytes(b"one").unwrap();
    target.write_bytes(b"two").unwrap();
    assert_eq!(std::fs::read(at("a")).unwrap(), b"two");
    drop(target);
    // Another name for a result of this run: a file system that knows no upper case does this.
    std::fs::hard_link(at("a"), at("A")).unwrap();
    assert!(matches!(guard.claim(&at("A"), true), Err(Error { kind: ErrorKind::SameName, .. })));
    assert!(matches!(Guard::default().claim(&at("a"), false), Err(Error { kind: ErrorKind::Exists, .. })));
    assert_eq!(names(folder.path()), ["A", "a"]);
}

#[test]
fn a_log_begins_anew_or_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let lines = |overwrite, go_on, line: &str| {
        let target = Guard::default().claim(&file, overwrite)?;
        target.open_log(go_on)?.write_all(line.as_bytes()).unwrap();
        Ok::<_, Error>(std::fs::read_to_string(&file).unwrap())
    };
    assert_eq!(lines(false, true, "a\n").unwrap(), "a\n");
    assert!(matches!(lines(false, true, "b\n"), Err(Error { kind: ErrorKind::Exists, .. })));
    assert_eq!(lines(true, true, "b\n").unwrap(), "a\nb\n");
    std::fs::hard_link(&file, folder.path().join("copy")).unwrap();
    assert_eq!(lines(true, false, "c\n").unwrap(), "c\n");
    assert_eq!(std::fs::read(folder.path().join("copy")).unwrap(), b"a\nb\n", "another name keeps its file");
}

#[test]
fn names_that_the_file_system_does_not_take_are_known_before() {
    let folder = tempfile::tempdir().unwrap();
    let long = "n".repeat(300);
    for path in
        [folder.path().join(&long), folder.path().join("new/deep").join(&long), folder.path().join(&long).join("a")]
    {
        assert!(
            matches!(Guard::default().check(&path, false), Err(Error { kind: ErrorKind::NameTooLong, .. })),
            "{path:?}"
        );
    }
    assert!(Guard::default().check(&folder.path().join("new/deep/a"), false).is_ok());
    assert!(names(folder.path()).is_empty());
}
