from .support import ScriptTest, json, needs, os, unittest
from .test_hook import BEGIN


class Files(unittest.TestCase):
    @needs("numpy")
    def test_files_are_numpys(self):
        import io
        import numpy
        from descent._whole import npy

        for array in (numpy.array([[1, -2.5, 3]], "<f4"), numpy.array(7, "<f4"), numpy.arange(5, dtype="<f4"), numpy.zeros((0, 4), "<f4")):
            read = numpy.load(io.BytesIO(npy(list(array.shape), array.tobytes())))
            self.assertEqual(read.shape, array.shape)
            self.assertTrue((read == array).all())


@needs("torch", "numpy")
class Whole(ScriptTest):
    def whole(self, wanted, limit=1_000_000):
        folder = os.path.join(self.folder, "tensors")
        self.environment = {"DESCENT_WHOLE_TENSORS": json.dumps({"folder": folder, "limit": limit, "wanted": wanted})}
        return folder

    def saved(self, folder):
        import numpy
        return {(int(step), name): numpy.load(os.path.join(folder, step, name))
                for step in os.listdir(folder) if step.isdigit() for name in os.listdir(os.path.join(folder, step))}

    LOOP = BEGIN + """
        import json, os
        hook = descent.Hook(model, optimizer)
        said = {}
        for step in range(9):
            if step == 5: wish()
            optimizer.zero_grad(); loss = loss_function(model(x), y); loss.backward(); optimizer.step()
            said[step] = model[0].weight.detach().tolist()
        print(json.dumps(said))
        """

    def test_tensors_are_saved_whole_as_they_are(self):
        folder = self.whole([{"pattern": "0.weight", "every": 4}, {"pattern": "gradient/*"}])
        out, error = self.run_script(self.LOOP.replace("wish()", "pass"))
        self.assertEqual(error, "")
        saved, said = self.saved(folder), json.loads(out)
        self.assertEqual(sorted(step for step, name in saved if name == "0.weight.npy"), [0, 4, 8])
        for step in (0, 4, 8):
            self.assertEqual(saved[step, "0.weight.npy"].tolist(), said[str(step)])
        self.assertEqual({step for step, name in saved if name.startswith("gradient%2F")}, {0})
        self.assertEqual(len([name for step, name in saved if name.startswith("gradient%2F")]), 4)

    def test_what_is_wished_for_is_saved_at_the_next_captured_step(self):
        folder = self.whole([])
        out, error = self.run_script(self.LOOP.replace("wish()", """
                os.makedirs(%r); open(%r, "w").close(); hook._due = 0.0""" % (
            os.path.join(folder, "wishes"), os.path.join(folder, "wishes", "%3F.bias.npy"))))
        self.assertEqual(error, "")
        self.assertEqual({name for _, name in self.saved(folder)}, {"0.bias.npy", "2.bias.npy"})
        self.assertEqual(os.listdir(os.path.join(folder, "wishes")), [])

    def test_room_is_limited(self):
        folder = self.whole([{"pattern": "*", "every": 1}], limit=3000)
        _, error = self.run_script(self.LOOP.replace("wish()", "pass"))
        self.assertIn("half of --debug-limit", error)
        self.assertLess(sum(array.nbytes for array in self.saved(folder).values()), 3000)

    def test_captures_are_counted_in_epochs(self):
        self.environment = {"DESCENT_TENSORS": json.dumps({"interval": "2e"})}
        _, error = self.run_script(BEGIN + """
        hook = descent.Hook(model, optimizer)
        for step in range(25):
            optimizer.zero_grad(); loss = loss_function(model(x), y); loss.backward()
            optimizer.step()
            descent.log(loss=loss.item(), epoch=(step + 1) // 5)
        """)
        self.assertEqual(error, "")
        steps = sorted({message["step"] for message in self.messages("tensor")})
        self.assertEqual([step // 5 for step in steps], [0, 2, 4])
