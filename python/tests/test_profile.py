from .support import needs, unittest
from .test_watching import WatchedTest

SCRIPT = """
        import time, torch
        from torch import nn
        from torch.utils.data import DataLoader, Dataset
        torch.set_num_threads(1)
        class Rows(Dataset):
            def __len__(self): return 320
            def __getitem__(self, index):
                time.sleep(%s)
                return torch.randn(20), index %% 2
        model = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 2))
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        held = torch.randn(64, 20)
        for epoch in range(%d):
            model.train()
            for step, (x, y) in enumerate(DataLoader(Rows(), 32, num_workers=%d)):
                if epoch == 1 and step == 4: time.sleep(0.3)
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(x), y).backward()
                optimizer.step()
            model.eval()
            with torch.no_grad():
                model(held)
                time.sleep(0.2)
"""


@needs("torch")
class Profile(WatchedTest):
    def told(self, wait, epochs=6, workers=0):
        _, error = self.run_script(SCRIPT % (wait, epochs, workers))
        found = self.messages("profile")
        self.assertTrue(found, error)
        spent = {}
        for message in found:
            self.assertLessEqual(sum(message["spent"].values()), 1.02 * message["seconds"])
            self.assertGreaterEqual(sum(message["spent"].values()), 0.98 * message["seconds"])
            for name, seconds in message["spent"].items():
                spent[name] = spent.get(name, 0) + seconds
        return found, spent

    def test_waiting_for_rows_judging_and_slow_steps_are_told_apart(self):
        found, spent = self.told(0.0005)
        steps = sum(sum(message["durations"].values()) for message in found)
        self.assertEqual(found[-1]["step"], 60)
        # But the first, whose beginning nobody knows.
        self.assertIn(steps, range(52, 60))
        # 16 ms a batch of rows, and one pause of 0.3 s in a step.
        self.assertGreater(spent["data"], 0.8)
        self.assertGreater(spent["data"], 3 * spent.get("update", 0))
        self.assertTrue(0.9 < spent["evaluate"] < 2, spent)
        slowest = dict(step for message in found for step in message["slowest"])
        self.assertGreater(slowest.get(15, 0), 0.3, slowest)
        self.assertEqual(found[-1]["loaders"], 0)

    def test_rows_that_come_in_time_are_not_waited_for(self):
        found, spent = self.told(0, 60)
        self.assertLess(spent["data"], 0.9 * sum(spent.values()))
        self.assertGreater(spent["evaluate"], 0.5 * sum(spent.values()))

    def test_loader_processes_are_counted(self):
        found, _ = self.told(0.0005, 3, workers=2)
        self.assertEqual(found[-1]["loaders"], 2)


if __name__ == "__main__":
    unittest.main()
