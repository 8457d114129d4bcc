//! The checkpoint thread of the embedded engine, with its own connection: the writer never pays for copying the log
//! into the file. Knows no table.

use super::conn::{self, Conn, Manager, Target};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(1);
/// A log shorter than this is left alone.
const WORTH_COPYING_BYTES: u64 = 4 * 1024 * 1024;
/// A log longer than this is emptied, for which readers and the writer wait a moment.
const TOO_LONG_BYTES: u64 = 48 * 1024 * 1024;

pub struct Checkpoints {
    stop: Mutex<Option<SyncSender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpoints {
    /// Starts the thread; a target without a log needs none.
    pub fn start(manager: Manager) -> std::io::Result<Option<Self>> {
        let Target::File(path) = manager.target() else { return Ok(None) };
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let (stop, stopped) = sync_channel::<()>(1);
        let thread = std::thread::Builder::new().name("ganh-checkpoint".to_owned()).spawn(move || {
            let mut conn: Option<Conn> = None;
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let log_bytes = std::fs::metadata(&log).map_or(0, |found| found.len());
                if log_bytes >= WORTH_COPYING_BYTES {
                    copy(&manager, &mut conn, log_bytes >= TOO_LONG_BYTES);
                }
            }
            copy(&manager, &mut conn, true);
        })?;
        Ok(Some(Self { stop: Mutex::new(Some(stop)), thread: Mutex::new(Some(thread)) }))
    }

    /// Empties the log once more and ends the thread. Blocks.
    pub fn close(&self) {
        drop(self.stop.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn copy(manager: &Manager, kept: &mut Option<Conn>, whole: bool) {
    let mut conn = match kept.take().map_or_else(|| manager.open(), Ok) {
        Ok(conn) => conn,
        Err(error) => return tracing::warn!(%error, "the checkpoint has no connection"),
    };
    match conn::checkpoint(&mut conn, whole) {
        Ok(()) => *kept = Some(conn),
        Err(error) => tracing::warn!(%error, "a checkpoint did not come through"),
    }
}
