"""One notebook, open in the shared JupyterLab page."""

import ast

from harness.waiting import wait_seen

_READY = """path => {
  const panel = window.jupyterapp?.shell.currentWidget;
  if (panel?.context?.path !== path) return false;
  const session = panel.sessionContext;
  const kernel = session.session?.kernel;
  return panel.context.isReady && session.isReady
    && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
# Without awaiting: the cells may run for as long as the test wants to look at them.
_RUN = """([command, cells]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  if (cells !== null) {
    panel.content.deselectAll();
    panel.content.activeCellIndex = cells;
  }
  const run = window.testRun = {done: false};
  window.jupyterapp.commands.execute(command).finally(() => { run.done = true; });
}"""
_CLOSE = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  const id = panel.sessionContext.session?.id;
  panel.context.model.dirty = false;
  // The panel first: a view that is taken off the page may still have a word for its kernel.
  panel.close();
  if (id) await window.jupyterapp.serviceManager.sessions.shutdown(id);
}"""
_OUTPUTS = """position => {
  const cell = window.jupyterapp.shell.currentWidget.content.model.cells.get(position);
  return cell.type === 'code' ? cell.outputs.toJSON() : [];
}"""
_EVALUATE = """async expression => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({
    code: '', silent: true, store_history: false, user_expressions: {asked: expression},
  });
  const asked = (await future.done).content.user_expressions.asked;
  if (asked.status !== 'ok') throw new Error(`${asked.ename}: ${asked.evalue}`);
  return asked.data['text/plain'];
}"""


class Notebook:
    """An open notebook. Cells are counted from 0, Markdown cells too.

    Args:
        page: Playwright's page, with JupyterLab.
        path: The notebook's path on the server.
        folder: The kernel's working folder.
    """

    def __init__(self, page, path, folder):
        self.page = page
        self.folder = folder
        page.evaluate(
            "path => window.jupyterapp.commands.execute('docmanager:open', {path})"
            ".then(() => null)",
            path,
        )
        page.wait_for_function(_READY, arg=path)
        self._id = page.evaluate("() => window.jupyterapp.shell.currentWidget.id")

    @property
    def panel(self):
        """Locator of the notebook's panel: ask in here, the page holds other buttons."""
        return self.page.locator(f"[id='{self._id}']")

    def cell(self, position):
        """Locator of a cell, its source included."""
        return self.panel.locator(".jp-Notebook .jp-Cell").nth(position)

    def output(self, position):
        """Locator of a cell's output."""
        return self.cell(position).locator(".jp-Cell-outputArea")

    def run_all(self, *, wait=True, timeout_s=60):
        """Run all cells; without `wait`, return at once."""
        self._run("notebook:run-all-cells", None, wait=wait, timeout_s=timeout_s)

    def run(self, position, *, wait=True, timeout_s=60):
        """Run one cell; without `wait`, return at once."""
        self._run("notebook:run-cell", position, wait=wait, timeout_s=timeout_s)

    def wait_done(self, timeout_s=60):
        """Wait until the cells that were run last are done."""
        self.page.wait_for_function("() => window.testRun.done", timeout=timeout_s * 1000)

    @property
    def is_running(self):
        """Whether cells that were run are still at it."""
        return not self.page.evaluate("() => window.testRun.done")

    def outputs(self, position):
        """Return a cell's outputs as the notebook format has them."""
        return self.page.evaluate(_OUTPUTS, position)

    def errors(self):
        """Return every traceback in the notebook, as "name: message"."""
        count = self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.model.cells.length"
        )
        return [
            f"{output['ename']}: {output['evalue']}"
            for position in range(count)
            for output in self.outputs(position)
            if output["output_type"] == "error"
        ]

    def wait_evaluated(self, holds, expression):
        """Wait until what the kernel evaluates is as wanted: the page may tell it late."""
        wait_seen(self.page, lambda: self.evaluate(expression), holds)

    def evaluate(self, expression):
        """Evaluate an expression in the kernel, once it is idle, and return its literal value."""
        return ast.literal_eval(self.page.evaluate(_EVALUATE, expression))

    def close(self):
        """Close the notebook and end its kernel: kernels outlive pages."""
        self.page.keyboard.press("Escape")
        self.page.evaluate(_CLOSE)
        self.page.wait_for_function("id => !document.getElementById(id)", arg=self._id)

    def _run(self, command, cells, *, wait, timeout_s):
        self.page.evaluate(_RUN, [command, cells])
        if wait:
            self.wait_done(timeout_s)
