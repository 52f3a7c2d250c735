//! Where the scene stands that was asked for last.

use crate::session::{JobId, view::Facts};

/// What the worker has told of a scene.
#[derive(Default)]
pub(super) enum Stage {
    /// Nothing was asked for yet.
    #[default]
    Empty,
    /// The worker has not seen it. Another scene waits for that, so that dragging a size never floods it.
    Asked {
        job: JobId,
        /// Of the scene before, where its sides stay.
        before: Option<Facts>,
    },
    /// It is on show.
    Shown { job: JobId, facts: Facts },
    /// It, or a tile of it, cannot be shown.
    Failed { job: JobId, facts: Option<Facts>, reason: String },
}

impl Stage {
    /// The scene's id.
    pub(super) fn job(&self) -> Option<JobId> {
        match self {
            Self::Empty => None,
            Self::Asked { job, .. } | Self::Shown { job, .. } | Self::Failed { job, .. } => Some(*job),
        }
    }

    /// What is known of what is seen.
    pub(super) fn facts(&self) -> Option<&Facts> {
        match self {
            Self::Empty => None,
            Self::Asked { before: facts, .. } | Self::Failed { facts, .. } => facts.as_ref(),
            Self::Shown { facts, .. } => Some(facts),
        }
    }

    /// Why nothing is shown.
    pub(super) fn failure(&self) -> Option<&str> {
        if let Self::Failed { reason, .. } = self { Some(reason) } else { None }
    }

    /// Whether the worker has not seen it yet.
    pub(super) fn is_unseen(&self) -> bool {
        matches!(self, Self::Asked { .. })
    }

    /// Another scene is asked for; `keep`: what is known stays true.
    pub(super) fn ask(&mut self, job: JobId, keep: bool) {
        let before = self.facts().filter(|_| keep).cloned();
        *self = Self::Asked { job, before };
    }

    /// The worker has seen it.
    pub(super) fn show(&mut self, job: JobId, facts: Facts) {
        *self = Self::Shown { job, facts };
    }

    /// Something of it failed.
    pub(super) fn fail(&mut self, job: JobId, reason: String) {
        *self = Self::Failed { job, facts: self.facts().cloned(), reason };
    }
}
