//! The name of a request.

use std::rc::Rc;

/// Sixteen letters that name a request in the log, in its answer and on an error page.
#[derive(Debug, Clone, Default)]
pub struct RequestId(pub Rc<str>);
