//! The page generation of this process: a number that rises whenever the public sees something else. Knows no
//! connection.

use tokio::sync::watch;

/// Raised by the door after COMMIT and before the caller is answered.
#[derive(Debug)]
pub struct News {
    generation: watch::Sender<u64>,
}

impl News {
    pub fn new() -> Self {
        Self { generation: watch::Sender::new(1) }
    }

    pub fn raise(&self) {
        self.generation.send_modify(|generation| *generation = generation.wrapping_add(1));
    }

    pub fn generation(&self) -> u64 {
        *self.generation.borrow()
    }

    pub fn follow(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }
}
