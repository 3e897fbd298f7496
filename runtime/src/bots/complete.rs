//! What a bot asks of models: granted, within its budget, and then made beside the turn, which takes the pieces.

use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::Version;
use crate::{
    domain::Json,
    models::Models,
    sandbox::{CallError, Piece},
};

impl Version {
    /// Asks a model. The answer ends when nobody takes its pieces any longer.
    ///
    /// # Errors
    /// The model is not granted, the bot has asked too much lately, or the request is no JSON object.
    pub fn complete(
        &self,
        model: String,
        request: &Json,
    ) -> Result<mpsc::Receiver<Piece>, CallError> {
        let request: Map<String, Value> = serde_json::from_str(request.get())
            .map_err(|_| CallError::new("invalid-json", "the request is no JSON object"))?;
        if !self.terms.grants().models.contains(&model) {
            let name: String = model.chars().take(80).collect();
            let message = format!(
                "the model `{name}` is not granted; the operator grants it with `PUT /api/bots/NAME/grants`"
            );
            return Err(CallError::new("model-not-granted", message));
        }
        self.ledger.begin(&self.limits())?;
        let (sender, pieces) = Models::channel();
        let (models, ledger) = (self.terms.models(), self.ledger.clone());
        // Ends with the receiver, which the turn holds.
        self.ledger.run(async move { models.complete(&model, request, &sender, &ledger).await });
        Ok(pieces)
    }
}
