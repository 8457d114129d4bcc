//! The one writer of the embedded engine: a thread that commits what has queued up together, a savepoint each and one
//! fsync for all. Nobody is answered before COMMIT. Knows closures, no table.

use super::conn::{self, Conn, Manager};
use super::error::StoreError;
use super::news::News;
use super::notes;
use super::pooled::{Caught, Hushed, caught, log_if_slow};
use crate::failpoint::{self, Failpoint};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Closures in one commit.
const MOST_IN_BATCH: usize = 128;
/// A batch that has run this long takes no more in: whoever came first would wait too long.
const LONGEST_BATCH: Duration = Duration::from_millis(5);
/// The same for a database in the making: whoever makes it is answered before COMMIT and never waits.
/// Not longer: what a savepoint keeps of pages grows with the batch, and is walked through at each savepoint's end.
const LONGEST_SCRATCH_BATCH: Duration = Duration::from_millis(250);
/// How often a closure is begun when the batches around it are lost.
const MOST_RUNS: u8 = 3;
/// Depth inside the transaction of a batch, outside of any savepoint.
const BATCH_DEPTH: u32 = 1;

/// When callers are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// After COMMIT: what was answered is on the disk.
    Kept,
    /// At once, for a database that is begun anew when it does not come out whole: `Writer::has_lost` says so at the end.
    Scratch,
}

/// The door to the writer's thread.
pub struct Writer {
    queue: Mutex<Option<SyncSender<Queued>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    lost: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the thread; `most_waiting` closures may wait for it.
    pub fn start(manager: Manager, most_waiting: usize, promise: Promise, news: Arc<News>) -> Result<Self, StoreError> {
        let first = manager.open()?;
        let (queue, arriving) = sync_channel(most_waiting);
        let lost = Arc::new(AtomicBool::new(false));
        let loop_ = Loop {
            manager,
            conn: Some(first),
            again: VecDeque::new(),
            arriving,
            promise,
            lost: Arc::clone(&lost),
            news,
        };
        let thread = std::thread::Builder::new()
            .name("ganh-writer".to_owned())
            .spawn(move || loop_.run())
            .map_err(StoreError::broken)?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)), lost })
    }

    /// Queues `work` and waits until it is committed or has failed. A full queue is `Busy` at once.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Queued { job: Box::new(Work { work, answer, outcome: None }), runs: 0 };
        let sent = match self.queue.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(queue) => queue.try_send(job).is_ok(),
            None => false,
        };
        if !sent {
            return Err(StoreError::Busy.into());
        }
        answered.await.unwrap_or_else(|_gone| Err(StoreError::Busy.into()))
    }

    /// Whether something was answered with success and then not kept: a batch of a database in the making was lost.
    pub fn has_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// Takes nothing more in, finishes what is queued, ends the thread. Blocks.
    pub fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// What a job is told when its batch is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Answer what the closure said.
    AsRun,
    /// The batch is lost: no success.
    Lost,
}

/// How a closure ended, without its types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Well,
    Failed,
}

trait Job: Send {
    fn run(&mut self, conn: &mut Conn) -> Ended;
    /// The closure said Ok to what cannot be kept.
    fn overrule(&mut self);
    fn settle(self: Box<Self>, verdict: Verdict);
}

struct Work<T, E, F> {
    work: F,
    answer: oneshot::Sender<Result<T, E>>,
    outcome: Option<Result<T, E>>,
}

impl<T, E, F> Job for Work<T, E, F>
where
    F: Fn(&mut Conn) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Ended {
        let began = Instant::now();
        let done: Caught<T, E> = caught(|| (self.work)(conn));
        log_if_slow(began.elapsed());
        let result = done.into_result();
        let ended = if result.is_ok() { Ended::Well } else { Ended::Failed };
        self.outcome = Some(result);
        ended
    }

    fn overrule(&mut self) {
        if !matches!(self.outcome, Some(Err(_))) {
            self.outcome = Some(Err(StoreError::broken(Hushed).into()));
        }
    }

    fn settle(self: Box<Self>, verdict: Verdict) {
        let answer = match (verdict, self.outcome) {
            (Verdict::AsRun, Some(result)) => result,
            _ => Err(StoreError::Busy.into()),
        };
        // A caller that has gone away does not mind.
        let _ = self.answer.send(answer);
    }
}

struct Queued {
    job: Box<dyn Job>,
    runs: u8,
}

/// What one closure did to its batch.
enum Step {
    /// It stands in the batch (or was rolled back alone).
    Over { changed: bool },
    /// The whole transaction is gone.
    BatchLost,
}

struct Loop {
    manager: Manager,
    conn: Option<Conn>,
    /// Closures of a lost batch that run again first.
    again: VecDeque<Queued>,
    arriving: Receiver<Queued>,
    promise: Promise,
    lost: Arc<AtomicBool>,
    news: Arc<News>,
}

impl Loop {
    /// Until every sender is gone and the queue is empty.
    fn run(mut self) {
        while let Some(first) = self.again.pop_front().or_else(|| self.arriving.recv().ok()) {
            let conn = match self.conn.take() {
                Some(conn) => Ok(conn),
                None => self.manager.open().map_err(StoreError::from),
            };
            match conn.and_then(|mut conn| conn::begin_write(&mut conn).map(|()| conn).map_err(StoreError::from)) {
                Ok(conn) => self.batch(conn, first),
                Err(error) => {
                    tracing::error!(%error, "the writer cannot begin");
                    self.turn_away(first);
                }
            }
        }
    }

    /// Nobody should wait in line for a database that does not open.
    fn turn_away(&mut self, first: Queued) {
        first.job.settle(Verdict::Lost);
        for waiting in self.again.drain(..).chain(self.arriving.try_iter()) {
            waiting.job.settle(Verdict::Lost);
        }
    }

    /// Runs one batch. The connection is kept only if it comes out of it clean.
    fn batch(&mut self, mut conn: Conn, first: Queued) {
        let began = Instant::now();
        let mut ran: Vec<Queued> = Vec::new();
        let mut news = false;
        let mut next = Some(first);
        while let Some(mut queued) = next.take() {
            queued.runs = queued.runs.saturating_add(1);
            match step(&mut conn, queued.job.as_mut()) {
                Step::Over { changed } => {
                    news |= changed;
                    match self.promise {
                        Promise::Kept => ran.push(queued),
                        Promise::Scratch => queued.job.settle(Verdict::AsRun),
                    }
                }
                Step::BatchLost => {
                    drop(conn);
                    return self.lose(ran, queued);
                }
            }
            if ran.len() < MOST_IN_BATCH {
                next = self.again.pop_front().or_else(|| self.join_in(began));
            }
        }
        failpoint::pass(Failpoint::BeforeCommit);
        let committed = conn::commit(&mut conn);
        failpoint::pass(Failpoint::Committed);
        let verdict = match &committed {
            Ok(()) if conn::is_idle(&mut conn) => Verdict::AsRun,
            Ok(()) => {
                tracing::error!("the writer stood inside a transaction after COMMIT; nobody is told of success");
                Verdict::Lost
            }
            Err(error) => {
                tracing::error!(%error, closures = ran.len(), "a commit failed");
                Verdict::Lost
            }
        };
        if verdict == Verdict::Lost && self.promise == Promise::Scratch {
            self.lost.store(true, Ordering::Release);
        }
        if verdict == Verdict::AsRun {
            self.conn = Some(conn);
            if news {
                self.news.raise();
            }
        }
        // A failed COMMIT is not tried again: whether it reached the disk cannot be known.
        for queued in ran {
            queued.job.settle(verdict);
        }
    }

    /// The next closure for a batch that began then. Who makes a database is waited for: COMMIT would cost more than the wait.
    fn join_in(&self, began: Instant) -> Option<Queued> {
        match self.promise {
            Promise::Kept if began.elapsed() < LONGEST_BATCH => self.arriving.try_recv().ok(),
            Promise::Kept => None,
            Promise::Scratch => {
                let left = LONGEST_SCRATCH_BATCH.saturating_sub(began.elapsed());
                (!left.is_zero()).then(|| self.arriving.recv_timeout(left).ok()).flatten()
            }
        }
    }

    /// The transaction is gone before its COMMIT: who ended it is answered, the others run again, but not for ever.
    fn lose(&mut self, ran: Vec<Queued>, mut culprit: Queued) {
        tracing::warn!(closures = ran.len(), "a batch was lost to an error that ends the whole transaction");
        if self.promise == Promise::Scratch {
            self.lost.store(true, Ordering::Release);
        }
        culprit.job.overrule();
        culprit.job.settle(Verdict::AsRun);
        for queued in ran.into_iter().rev() {
            if queued.runs < MOST_RUNS {
                self.again.push_front(queued);
            } else {
                queued.job.settle(Verdict::Lost);
            }
        }
    }
}

/// One closure in its savepoint. Rolls back to exactly the depth it found, whatever the closure left open.
fn step(conn: &mut Conn, job: &mut dyn Job) -> Step {
    notes::clear();
    if conn::begin_savepoint(conn).is_err() {
        return Step::BatchLost;
    }
    let ended = job.run(conn);
    let seen = notes::read();
    if seen.ended {
        // Whether the engine has rolled back everything or only this, it is not asked to go on.
        return Step::BatchLost;
    }
    let balanced = conn::depth(conn).is_ok_and(|depth| depth == BATCH_DEPTH.saturating_add(1));
    if ended == Ended::Well && balanced {
        // Fails when the engine has ended the transaction behind the closure's back.
        return match conn::commit(conn) {
            Ok(()) => Step::Over { changed: seen.changed },
            Err(_) => Step::BatchLost,
        };
    }
    job.overrule();
    match conn::roll_back_to(conn, BATCH_DEPTH) {
        Ok(()) => Step::Over { changed: false },
        Err(_) => Step::BatchLost,
    }
}
