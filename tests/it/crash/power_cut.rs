//! Pulling the plug: the market lies on a file system of its own in a loop device, which is told in the middle of the load to forget
//! everything that it has not written out (ext4's shutdown without a flush of its journal). What was acknowledged must be there
//! when it is mounted again. Needs leave to mount; says so where it has none.

use super::{Acknowledged, DiskIs, Program, is_all_there, is_sound, made, under_load};
use crate::kit::TestDb;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH` (linux/fs/ext4/ext4.h).
const SHUTDOWN: &str =
    r#"open(my $d, "<", $ARGV[0]) or die $!; my $how = pack("L", 2); ioctl($d, 0x8004587D, $how) or die $!;"#;

/// A file system in a file.
struct Disk {
    folder: tempfile::TempDir,
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|done| done.status.success())
}

impl Disk {
    fn image(&self) -> String {
        self.folder.path().join("image").display().to_string()
    }

    fn mount_point(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    /// None where this process may not mount, or there is no ext4.
    fn make() -> Option<Self> {
        let disk = Self { folder: tempfile::tempdir().expect("a folder") };
        std::fs::create_dir(disk.mount_point()).expect("a mount point");
        let is_made =
            succeeds("truncate", &["-s", "256M", &disk.image()]) && succeeds("mkfs.ext4", &["-q", &disk.image()]);
        (is_made && disk.mount()).then_some(disk)
    }

    fn mount(&self) -> bool {
        succeeds("mount", &["-o", "loop", &self.image(), &self.mount_point().display().to_string()])
    }

    fn unmount(&self) -> bool {
        succeeds("umount", &[&self.mount_point().display().to_string()])
    }

    fn cut_power(&self) {
        let path = self.mount_point().display().to_string();
        let done = Command::new("perl").args(["-e", SHUTDOWN, &path]).output().expect("perl runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = succeeds("umount", &["-l", &self.mount_point().display().to_string()]);
    }
}

fn file_of(url: &str) -> &Path {
    Path::new(url.trim_start_matches("sqlite://"))
}

#[test]
fn whatever_was_acknowledged_before_a_power_cut_is_there_after_it() {
    let Some(disk) = Disk::make() else {
        let _ = writeln!(std::io::stderr(), "SKIPPED the power cut: this process may not mount a loop device");
        return;
    };
    let cuts = if std::env::var("GANH_LONG").is_ok() { 20 } else { 3 };
    let db = TestDb::on_sqlite();
    let (coop, fruit) = made(&db);
    ganh::store::conn::checkpoint(&mut db.bare(), true).expect("one file");
    let there = disk.mount_point().join("ganh.db");
    std::fs::copy(file_of(&db.url), &there).expect("a copy on the disk that falls");
    assert!(succeeds("sync", &[]));
    let url = format!("sqlite://{}", there.display());
    let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
    for cut in 0..cuts {
        under_load(&url, &coop, &fruit, &acknowledged, 500 + (cut * 7_919) % 900, |program| {
            let is_now = |state: DiskIs| acknowledged.lock().expect("not poisoned").disk = state;
            is_now(DiskIs::Falling);
            disk.cut_power();
            std::thread::sleep(std::time::Duration::from_millis(100));
            // It still runs, on a disk that is gone, and must know it.
            is_now(DiskIs::Gone);
            std::thread::sleep(std::time::Duration::from_millis(100));
            Program::kill(program);
        });
        acknowledged.lock().expect("not poisoned").disk = DiskIs::Whole;
        assert!(disk.unmount() && disk.mount(), "the disk comes back");
        is_all_there(&url, &acknowledged.lock().expect("not poisoned"));
        is_sound(&url);
    }
    let seen = acknowledged.lock().expect("not poisoned");
    assert!(seen.on_nothing.is_empty(), "acknowledged on a disk that was gone: {:?}", seen.on_nothing);
    assert!(seen.orders.len() > 10 && seen.movements.len() > 10, "hardly any load");
    let (orders, movements) = (seen.orders.len(), seen.movements.len());
    let _ = writeln!(
        std::io::stderr(),
        "power cut {cuts} times: {orders} orders and {movements} deliveries acknowledged, none lost"
    );
}
