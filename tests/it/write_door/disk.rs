//! A disk that is full or fails: what was answered is kept, nothing else is, and room that is made is used.

use super::{hold_writer, names, plain_write, put};
use crate::kit::{self, TestDb};
use diesel::connection::SimpleConnection;
use ganh::store::{Db, DbSettings, StoreError, StoreResult};

/// One closure of a batch fills the disk; the others must come through whole or not at all.
async fn one_fills_the_disk(db: &Db) -> (Vec<String>, StoreResult<()>) {
    let (release, held) = hold_writer(db).await;
    let mut others = Vec::new();
    let mut filler = None;
    for n in 0..9 {
        let door = db.clone();
        if n == 4 {
            filler = Some(actix_web::rt::spawn(async move {
                door.write(|conn| {
                    for part in 0..4_000 {
                        put(conn, &format!("fill {part}"), &"x".repeat(8_000))?;
                    }
                    Ok(())
                })
                .await
            }));
        } else {
            others.push((
                n,
                actix_web::rt::spawn(async move {
                    door.write(move |conn| {
                        put(conn, &format!("{n} a"), "")?;
                        put(conn, &format!("{n} b"), "")
                    })
                    .await
                }),
            ));
        }
        tokio::task::yield_now().await;
    }
    drop(release);
    held.await.expect("the holder did nothing wrong");
    let filled = filler.expect("a filler").await.expect("a task");
    let mut kept = Vec::new();
    for (n, other) in others {
        if other.await.expect("a task").is_ok() {
            kept.extend([format!("{n} a"), format!("{n} b")]);
        }
    }
    (kept, filled)
}

#[test]
fn a_full_database_keeps_what_was_answered_and_nothing_else() {
    let test = TestDb::on_sqlite();
    kit::run(async {
        // The limit holds for the writer's connection; with the lost batch it goes, as a disk gets room again.
        test.write(|conn| Ok::<_, StoreError>(conn.batch_execute("PRAGMA max_page_count = 400")?))
            .await
            .expect("a limit");
        let (kept, filled) = one_fills_the_disk(&test).await;
        assert!(matches!(filled, Err(StoreError::Busy)), "{filled:?}");
        assert_eq!(kept.len(), 16, "the others of the batch came through when it ran again");
        assert_eq!(names(&test.another_door()).await, kept);
        plain_write(&test, "room again").await;
    });
}

/// A file system of 6 MB, where this process may mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
            .arg(folder.path())
            .stderr(std::process::Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        mounted.then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_keeps_what_was_answered_and_has_room_again_by_itself() {
    let Some(disk) = SmallDisk::mount() else {
        use std::io::Write;
        let _ =
            writeln!(std::io::stderr(), "SKIPPED the full disk: no right to mount one (the full database is tested)");
        return;
    };
    let test = TestDb::on_sqlite();
    let path = disk.0.path().join("small.db");
    let url = format!("sqlite://{}", path.display());
    std::fs::copy(test.url.trim_start_matches("sqlite://"), &path).expect("a copy");
    kit::run(async {
        let db = Db::open(&DbSettings::new(&url)).expect("a door on the small disk");
        let (kept, filled) = one_fills_the_disk(&db).await;
        assert!(matches!(filled, Err(StoreError::Busy)), "{filled:?}");
        assert_eq!(names(&db).await, kept);
        let ballast = disk.0.path().join("ballast");
        let _ = std::fs::write(&ballast, vec![0_u8; 8 << 20]);
        let mut answered = kept.len();
        for n in 0..200 {
            answered +=
                usize::from(db.write(move |conn| put(conn, &format!("more {n:03}"), &"x".repeat(4_000))).await.is_ok());
        }
        assert!(answered < kept.len() + 200, "the disk was full");
        assert_eq!(names(&db).await.len(), answered, "reads work on a full disk");
        std::fs::remove_file(&ballast).expect("room is made");
        plain_write(&db, "room again").await;
        db.close().await;
        assert_eq!(names(&Db::open(&DbSettings::new(&url)).expect("a door")).await.len(), answered + 1);
    });
}

/// Run in a child whose files may not grow beyond a limit: writing further is an I/O error to the engine.
#[test]
fn child_that_writes_until_its_disk_fails() {
    let Ok(url) = std::env::var("GANH_TEST_CHILD_DATABASE") else { return };
    kit::run(async {
        let db = Db::open(&DbSettings::new(&url)).expect("a door");
        let mut failed = 0;
        for n in 0..2_000 {
            match db.write(move |conn| put(conn, &format!("{n:04}"), &"x".repeat(4_000))).await {
                Ok(()) => println!("kept {n:04}"),
                Err(error) => {
                    println!("failed {error:?}");
                    failed += 1;
                }
            }
            if failed == 10 {
                break;
            }
        }
        assert_eq!(failed, 10, "the limit was never met");
    });
}

#[test]
fn an_io_error_answers_nobody_with_success() {
    let test = TestDb::on_sqlite();
    let child = std::process::Command::new("sh")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f 8192; exec \"$0\" --exact write_door::disk::child_that_writes_until_its_disk_fails --nocapture")
        .arg(std::env::current_exe().expect("this program"))
        .env("GANH_TEST_CHILD_DATABASE", &test.url)
        .output()
        .expect("the child runs");
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success(), "{said}\n{}", String::from_utf8_lossy(&child.stderr));
    let kept: Vec<_> = said.lines().filter_map(|line| line.split("kept ").nth(1)).map(str::to_owned).collect();
    assert!(said.contains("failed") && kept.len() > 100, "{said}");
    kit::run(async { assert_eq!(names(&test.another_door()).await, kept) });
}

/// Whoever makes a database is answered before COMMIT, sees what was answered, and learns at the end whether it was all kept.
#[test]
fn a_database_in_the_making_answers_at_once_and_says_at_the_end_whether_it_is_whole() {
    for fills in [false, true] {
        let test = TestDb::on_sqlite();
        kit::run(async {
            test.close().await;
            let making = Db::open(&DbSettings { is_scratch: true, ..DbSettings::new(&test.url) }).expect("the door");
            making.write(|conn| put(conn, "first", "")).await.expect("answered");
            assert_eq!(names(&making).await, ["first"], "seen by its maker");
            assert_eq!(names(&test.another_door()).await, Vec::<String>::new(), "committed for nobody else yet");
            let limit = making.write(|conn| Ok::<_, StoreError>(conn.batch_execute("PRAGMA max_page_count = 400")?));
            limit.await.expect("a limit");
            if fills {
                let filled = making.write(|conn| {
                    (0..4_000).try_for_each(|part| put(conn, &format!("fill {part}"), &"x".repeat(8_000)))
                });
                filled.await.expect_err("the database is full");
            }
            making.close().await;
            assert_eq!(making.has_lost(), fills);
            assert_eq!(names(&test.another_door()).await.len(), usize::from(!fills));
        });
    }
}
