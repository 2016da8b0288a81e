from .support import ScriptTest, needs, os, signal, unittest


class Processes(ScriptTest):
    def test_a_forked_child_is_silent_and_its_parent_goes_on(self):
        self.run_script("""
            import descent, os
            descent.log(step=0, loss=1.0)
            child = os.fork()
            if child == 0:
                descent.log(step=1, loss=-1.0)
                descent.checkpoint("x")
                raise SystemExit(0)
            os.waitpid(child, 0)
            descent.log(step=1, loss=2.0)
            """)
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.series("loss"), [(0, 1.0), (1, 2.0)])
        self.assertEqual(len(self.messages("end")), 1)

    def test_workers_of_every_start_method_are_silent(self):
        for method in ("fork", "spawn", "forkserver"):
            with self.subTest(method):
                self.setUp()
                self.run_script("""
                    import descent, multiprocessing, sys
                    def work(value):
                        descent.log(step=value, loss=-1.0)
                        return value
                    if __name__ == "__main__":
                        descent.log(step=0, loss=1.0)
                        with multiprocessing.get_context(%r).Pool(2) as pool:
                            assert pool.map(work, range(10)) == list(range(10))
                        descent.log(step=1, loss=2.0)
                    """ % method)
                self.assertEqual(len(self.files()), 1)
                self.assertEqual(self.series("loss"), [(0, 1.0), (1, 2.0)])

    def test_a_fork_while_threads_log_does_not_hang(self):
        self.run_script("""
            import descent, os, threading
            done = threading.Event()
            def work():
                step = 0
                while not done.is_set():
                    descent.log(step=step, busy=1.0); step += 1
            threads = [threading.Thread(target=work) for _ in range(3)]
            [thread.start() for thread in threads]
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    descent.log(loss=1.0)
                    os._exit(0)
                os.waitpid(child, 0)
            done.set(); [thread.join() for thread in threads]
            """)
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.series("loss"), [])

    @needs("torch")
    def test_data_loader_workers_are_silent(self):
        self.run_script("""
            import descent, torch
            class Data(torch.utils.data.Dataset):
                def __len__(self): return 20
                def __getitem__(self, index):
                    descent.log(step=index, read=1.0)
                    return torch.tensor([float(index)])
            if __name__ == "__main__":
                for step, batch in enumerate(torch.utils.data.DataLoader(Data(), batch_size=5, num_workers=2)):
                    descent.log(step=step, total=batch.sum())
            """)
        self.assertEqual(len(self.files()), 1)
        self.assertEqual([value for _, value in self.series("total")], [10.0, 35.0, 60.0, 85.0])
        self.assertEqual(self.series("read"), [])

    @needs("torch")
    def test_spawned_ranks_are_ranks(self):
        self.run_script("""
            import descent, os, torch
            def train(rank, address):
                torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=2)
                descent.log(step=0, loss=float(rank))
                torch.distributed.barrier()
                torch.distributed.destroy_process_group()
            if __name__ == "__main__":
                torch.multiprocessing.spawn(train, args=("file://" + os.path.abspath("meeting"),), nprocs=2)
            """)
        self.assertEqual([os.path.basename(path).split("-")[0] for path in self.files()], ["0", "1"])
        self.assertEqual(sorted(value for _, value in self.series("loss")), [0.0, 1.0])
        self.assertEqual([hello["world"] for hello in self.messages("hello")], [2, 2])


class Ends(ScriptTest):
    def test_an_exception_says_its_place_in_the_script(self):
        _, error = self.run_script("""
            import descent, json
            descent.log(loss=1.0)
            def load():
                return json.loads("{broken")
            load()
            """, status=1)
        end = self.messages("end")[0]
        self.assertEqual(end["status"], "error")
        self.assertEqual((end["error"]["type"], end["error"]["line"]), ("JSONDecodeError", 5))
        self.assertTrue(end["error"]["file"].endswith("script.py"))
        self.assertIn("Traceback", error)

    def test_an_exception_before_anything_was_logged_is_told(self):
        self.run_script("""
            import descent
            1 / 0
            """, status=1)
        self.assertEqual(self.messages("end")[0]["error"]["type"], "ZeroDivisionError")

    def test_a_termination_writes_what_was_logged_and_ends_as_ever(self):
        process = self.start("""
            import descent, os, signal, time
            for step in range(1000):
                descent.log(step=step, loss=1.0)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
            """)
        self.assertEqual(process.wait(60), -signal.SIGTERM)
        self.assertEqual(len(self.series("loss")), 1000)

    def test_the_handler_of_the_script_stays(self):
        for when in ("before", "after"):
            with self.subTest(when):
                self.setUp()
                mine = "signal.signal(signal.SIGTERM, lambda *_: (descent.log(step=5, saved=1.0), sys.exit(7)))"
                out, error = self.run_script("""
                    import descent, os, signal, sys, time
                    %s
                    descent.log(step=0, loss=1.0)
                    %s
                    os.kill(os.getpid(), signal.SIGTERM)
                    time.sleep(60)
                    """ % ((mine, "") if when == "before" else ("", mine)), status=7)
                self.assertEqual(self.series("saved"), [(5, 1.0)])

    def test_a_kill_leaves_every_line_whole_that_was_written(self):
        process = self.start("""
            import descent, time
            step = 0
            while True:
                descent.log(step=step, loss=step * 0.5); step += 1
                if step % 100 == 0: time.sleep(0.001)
            """)
        self.wait_for(lambda: len(self.series("loss")) > 3000, process)
        written = len(self.series("loss"))
        process.kill()
        process.wait()
        series = self.series("loss")
        self.assertGreaterEqual(len(series), written)
        self.assertEqual(series, [(step, step * 0.5) for step in range(len(series))])

    def test_what_was_logged_a_moment_ago_survives_a_kill(self):
        process = self.start("""
            import descent, time
            descent.log(step=1, loss=1.0)
            time.sleep(60)
            """)
        self.wait_for(lambda: self.series("loss"), process)
        process.kill()
        process.wait()
        self.assertEqual(self.series("loss"), [(1, 1.0)])


class Disks(ScriptTest):
    def test_a_read_only_folder_ends_our_work_with_one_line(self):
        self.environment = {"DESCENT_MESSAGES": "/proc/nothing-is-written-here"}
        out, error = self.run_script("""
            import descent, time
            for step in range(1000):
                descent.log(step=step, loss=1.0)
                if step == 500: time.sleep(0.2)
            print("trained", descent.steer("rate", 0.5))
            """)
        self.assertEqual(out, "trained 0.5\n")
        self.assertEqual(error.count("\n"), 1, error)
        self.assertIn("training goes on", error)

    def test_a_full_disk_keeps_training_and_completes_the_line_later(self):
        # A file-size limit stands for the disk: the writes fail in the middle of a line, and later they do not.
        out, error = self.run_script("""
            import descent, resource, time
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
            for step in range(500):
                descent.log(step=step, loss=1.0)
            from descent._session import session
            end = time.monotonic() + 30
            while not session._writer._disk_said and time.monotonic() < end: time.sleep(0.01)
            print(session._writer._disk_said)
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            descent.log(step=500, loss=2.0)
            """)
        self.assertEqual(out, "True\n")
        self.assertIn("training goes on", error)
        self.assertEqual(self.series("loss"), [(step, 1.0) for step in range(500)] + [(500, 2.0)])
        self.messages()

    def test_a_disk_that_stays_full_holds_the_end_for_two_seconds_at_most_and_says_what_is_lost(self):
        out, error = self.run_script("""
            import atexit, time
            atexit.register(lambda: print(time.monotonic() - begun))
            import descent, resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
            for step in range(500):
                descent.log(step=step, loss=1.0)
            begun = time.monotonic()
            """)
        self.assertLess(float(out), 10)
        self.assertRegex(error, r"\d+ messages could not be written")
        series = self.series("loss")
        self.assertGreater(len(series), 10)
        self.assertEqual(series, [(step, 1.0) for step in range(len(series))])

    def test_a_folder_that_is_not_there_yet_is_made(self):
        self.environment = {"DESCENT_MESSAGES": os.path.join(self.folder, "later", "messages")}
        self.run_script("""
            import descent
            descent.log(loss=1.0)
            """)
        self.messages_folder = self.environment["DESCENT_MESSAGES"]
        self.assertEqual(self.series("loss"), [(0, 1.0)])

    def test_an_error_of_ours_is_one_line(self):
        out, error = self.run_script("""
            import descent
            from descent._session import session
            session.log = lambda *arguments: 1 / 0
            for step in range(10): descent.log(step=step, loss=1.0)
            print("trained")
            """)
        self.assertEqual(out, "trained\n")
        self.assertEqual(error.count("\n"), 1, error)
        self.assertIn("ZeroDivisionError", error)


if __name__ == "__main__":
    unittest.main()
