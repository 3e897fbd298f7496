//! The rows and columns of a data frame.

use serde::Serialize;

use crate::Json;

/// A table for [`dataframe`](super::dataframe); its rows are numbered from 0.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    columns: Vec<String>,
    index: Vec<usize>,
    data: Vec<Vec<Json>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self { columns, index: Vec::new(), data: Vec::new() }
    }

    /// Adds a row with a cell for each column; cells of different types are `json!(…)` each.
    #[must_use]
    pub fn row<C: Into<Json>>(mut self, cells: impl IntoIterator<Item = C>) -> Self {
        self.index.push(self.index.len());
        self.data.push(cells.into_iter().map(Into::into).collect());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::json;

    #[test]
    fn a_table_is_written_as_data_frames_are() {
        let table = Table::new(["a", "b"]).row([json!(1), json!("x")]).row([json!(2), json!("y")]);
        let expected =
            json!({ "columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]] });
        assert_eq!(json!(table), expected);
    }
}
