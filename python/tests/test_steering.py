from .support import ScriptTest, json, needs, os, time, unittest


class Steering(ScriptTest):
    def test_what_is_set_while_it_trains_is_given_and_acknowledged(self):
        process = self.start("""
            import descent, time
            step = 0
            while not descent.should_stop():
                rate, size = descent.steer(rate=0.5, size=8)
                shuffle = descent.steer("shuffle", True)
                descent.log(step=step, rate=rate, size=size, shuffle=shuffle)
                step += 1
                time.sleep(0.002)
            descent.log(step=step, stopped=1.0)
            """)
        self.wait_for(lambda: len(self.series("rate")) > 5, process)
        self.assertEqual(self.messages("steerable", whole=False)[-1]["values"], {"rate": 0.5, "size": 8, "shuffle": True})
        self.command(seq=1, set={"rate": "0.25", "size": "16"})
        self.command(seq=2, set={"shuffle": "false"})
        steered = self.wait_for(lambda: len(self.messages("steered", whole=False)) == 2 and self.messages("steered", whole=False), process)
        self.assertEqual([(line["seq"], line["values"]) for line in steered], [(1, {"rate": 0.25, "size": 16}), (2, {"shuffle": False})])
        self.command(seq=3, stop=True)
        self.assertEqual(process.wait(60), 0)
        effect = steered[0]["step"]
        for step, rate in self.series("rate"):
            self.assertEqual(rate, 0.5 if step < effect else 0.25)
        self.assertEqual(self.messages("steered")[-1]["seq"], 3)
        self.assertEqual(len(self.series("stopped")), 1)
        self.assertEqual(self.messages("steerable")[-1]["values"], {"rate": 0.25, "size": 16, "shuffle": False})

    def test_what_comes_after_a_step_was_given_its_value_takes_effect_in_the_next(self):
        for between in ("descent.steer('shuffle', True)", "descent.should_stop()"):
            with self.subTest(between):
                out, _ = self.run_script("""
                    import descent, json, os
                    from descent._commands import commands
                    for step in range(6):
                        rate = descent.steer(rate=0.5) if step %% 2 else descent.steer("rate", 0.5)
                        if step == 3:
                            commands.look_at = 0
                            with open(os.environ["DESCENT_COMMANDS"], "a") as file:
                                file.write(json.dumps({"seq": 1, "set": {"rate": "0.25"}}) + "\\n")
                        %s
                        descent.log(rate=rate)
                        print(rate)
                    """ % between)
                self.assertEqual(out.split(), ["0.5"] * 4 + ["0.25"] * 2)
                self.assertEqual(self.messages("steered")[-1]["step"], 4)
                os.remove(self.commands)

    def test_what_cannot_be_is_refused_with_the_reason_and_nothing_of_it_takes_effect(self):
        process = self.start("""
            import descent, time
            step = 0
            while not descent.should_stop():
                rate, size = descent.steer(rate=0.5, size=8)
                descent.log(step=step, rate=rate, size=size); step += 1
                time.sleep(0.002)
            """)
        self.wait_for(lambda: self.series("rate"), process)
        self.command(seq=1, set={"rate": "0.1", "size": "many"})
        self.command(seq=2, set={"rate": "nan"})
        self.command(seq=3, set={"rate": "0.1", "dropout": "0.5"})
        refused = self.wait_for(lambda: len(self.messages("refused", whole=False)) == 3 and self.messages("refused", whole=False), process)
        why = {line["seq"]: line["why"] for line in refused}
        self.assertEqual(why[1], "size must be a whole number, not many")
        self.assertEqual(why[2], "rate must be a finite number, not nan")
        self.assertEqual(why[3], "the script does not say that dropout can be set (it can: rate, size)")
        self.command(seq=4, stop=True)
        self.assertEqual(process.wait(60), 0)
        self.assertEqual({value for _, value in self.series("rate")}, {0.5})

    def test_half_a_line_waits_for_its_other_half(self):
        process = self.start("""
            import descent, time
            while descent.steer("rate", 0.5) == 0.5: time.sleep(0.001)
            print(descent.steer("rate", 0.5))
            """)
        with open(self.commands, "w") as file:
            file.write('not json\n{"seq":1,"set":{"ra')
            file.flush()
            time.sleep(0.1)
            file.write('te":"0.75"}}\n')
        out, _ = process.communicate(timeout=60)
        self.assertEqual(out, "0.75\n")

    def test_a_resumed_run_goes_on_with_what_was_set(self):
        self.environment = {"DESCENT_CHECKPOINT": "x.pt", "DESCENT_STEP": "7", "DESCENT_STEERED": json.dumps({"rate": "0.75", "size": "many"})}
        out, _ = self.run_script("""
            import descent
            print(descent.steer(rate=0.5, size=8))
            """)
        self.assertEqual(out, "(0.75, 8)\n")
        self.assertEqual(self.messages("steerable")[-1]["values"], {"rate": 0.75, "size": 8})

    def test_a_command_that_was_there_before_the_script_began_holds(self):
        self.command(seq=1, set={"rate": "0.75"})
        out, _ = self.run_script("""
            import descent
            print(descent.steer("rate", 0.5))
            """)
        self.assertEqual(out, "0.75\n")


SCHEDULES = {
    "none": "None",
    "step": "S.StepLR(optimizer, 3, 0.5)",
    "multistep": "S.MultiStepLR(optimizer, [3, 8, 11], 0.5)",
    "exponential": "S.ExponentialLR(optimizer, 0.9)",
    "linear": "S.LinearLR(optimizer, 0.1, total_iters=10)",
    "polynomial": "S.PolynomialLR(optimizer, 30)",
    "cosine": "S.CosineAnnealingLR(optimizer, 8)",
    "lambda": "S.LambdaLR(optimizer, lambda step: 1 / (1 + step))",
    "onecycle": "S.OneCycleLR(optimizer, 0.5, total_steps=25)",
    "cyclic": "S.CyclicLR(optimizer, 0.05, 0.5, 4, cycle_momentum=False)",
    "restarts": "S.CosineAnnealingWarmRestarts(optimizer, 7)",
    "sequential": "S.SequentialLR(optimizer, [S.LinearLR(optimizer, 0.1, total_iters=4), S.CosineAnnealingLR(optimizer, 20)], [8])",
    "warmup": "S.SequentialLR(optimizer, [S.ConstantLR(optimizer, 0.5, 3), S.ExponentialLR(optimizer, 0.9)], [10])",
    "chained": "S.ChainedScheduler([S.ConstantLR(optimizer, 0.5, 8), S.ExponentialLR(optimizer, 0.9)])",
    "own": "Own(optimizer)",
    "lowest": "S.CosineAnnealingWarmRestarts(optimizer, 7, eta_min=0.09)",
    "computed": "None", "lowered": "None", "tensor": "None",
}


@needs("torch")
class LearningRates(ScriptTest):
    """Twenty steps of each schedule, plain and steered: then the rate is set to a third before the sixth step."""

    code = """
        import copy, io, json, os, pickle, torch, descent, warnings
        warnings.simplefilter("ignore")
        from descent import _learning_rate
        from descent._commands import commands
        S = torch.optim.lr_scheduler
        class Own(S.LRScheduler):
            def get_lr(self): return [base * (1 + self.last_epoch % 5) for base in self.base_lrs]
        seq = 0
        def run(name, schedule, steered):
            global seq
            commands.knobs.clear(); _learning_rate._rates.clear()
            parameters = [torch.nn.Parameter(torch.ones(2)) for _ in range(2)]
            optimizer = torch.optim.SGD([{"params": [p], "lr": 0.1 * (i + 1)} for i, p in enumerate(parameters)], lr=0.1)
            if name == "tensor": optimizer.param_groups[0]["lr"] = torch.tensor(0.1)
            scheduler = eval(schedule, dict(globals(), optimizer=optimizer))
            descent.steer(optimizer=optimizer)
            used = []
            optimizer.register_step_pre_hook(lambda o, a, k: used.append([float(g["lr"]) for g in o.param_groups]))
            for step in range(20):
                if step == 5 and steered:
                    commands.look_at = 0
                    seq += 1
                    now = float(optimizer.param_groups[0]["lr"])
                    with open(os.environ["DESCENT_COMMANDS"], "a") as file:
                        file.write(json.dumps({"seq": seq, "set": {"learning_rate": repr(now / 3)}}) + "\\n")
                    descent.log_parameters(schedule=name)
                    commands.turn("optimizer")
                for p in parameters: p.grad = torch.zeros(2)
                if name == "computed": optimizer.param_groups[0]["lr"] = 0.1 * (1 + 0.05 * step)
                if name == "lowered": optimizer.param_groups[0]["lr"] *= 0.9
                optimizer.step()
                if scheduler is not None: scheduler.step()
            copy.deepcopy(optimizer); pickle.dumps(optimizer)
            torch.save([optimizer.state_dict(), scheduler and scheduler.state_dict()], io.BytesIO())
            return used
        print(json.dumps({name: [run(name, schedule, False), run(name, schedule, True)]
                          for name, schedule in json.loads(open("schedules.json").read()).items()}))
        """

    def test_every_schedule_goes_on_from_what_was_set_or_says_why_not(self):
        with open(os.path.join(self.folder, "schedules.json"), "w") as file:
            json.dump(SCHEDULES, file)
        out, error = self.run_script(self.code)
        self.assertEqual(error, "")
        answers, name = {}, None
        for message in self.messages():
            if message["kind"] == "parameters":
                name = message["values"]["schedule"]
            elif message["kind"] in ("steered", "refused"):
                self.assertNotIn(name, answers)
                answers[name] = message
        for name, (plain, steered) in json.loads(out).items():
            with self.subTest(name):
                self.assertEqual(steered[:5], plain[:5])
                if name == "lowest":
                    self.assertIn("eta_min", answers[name]["why"])
                    self.assertEqual(plain, steered)
                    continue
                self.assertEqual(answers[name]["kind"], "steered")
                self.assertAlmostEqual(answers[name]["values"]["learning_rate"], plain[5][0] / 3 if name != "lowered"
                                       and name != "computed" else plain[4][0] / 3, 6)
                for step in range(5, 20):
                    for group in range(2):
                        # What a script computes by itself is known only when it has done so.
                        places = 2 if name == "computed" else 6
                        self.assertAlmostEqual(steered[step][group], plain[step][group] / 3, places, "step %d" % step)


@needs("torch")
class Ranks(ScriptTest):
    def test_ranks_change_at_the_same_step(self):
        process = self.start("""
            import descent, json, os, torch, time
            torch.set_num_threads(1)
            def train(rank, address):
                torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=2)
                model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(4, 1))
                optimizer = torch.optim.SGD(model.parameters(), 0.1)
                hook = descent.Hook(model, optimizer)
                rates = []
                while rates.count(0.05) < 20 and len(rates) < 5000:
                    optimizer.zero_grad()
                    model(torch.randn(8, 4)).sum().backward()
                    rates.append(optimizer.param_groups[0]["lr"])
                    optimizer.step()
                    if len(rates) == 50 and rank == 0:
                        with open(os.environ["DESCENT_COMMANDS"], "a") as file:
                            file.write('{"seq":1,"set":{"learning_rate":"0.05"}}\\n')
                with open("rank%d.json" % rank, "w") as file:
                    json.dump([rates.index(0.05), [name for name in hook._names.values()], model.module.weight.tolist()], file)
                torch.distributed.barrier()
                torch.distributed.destroy_process_group()
            if __name__ == "__main__":
                torch.multiprocessing.spawn(train, args=("file://" + os.path.abspath("meeting"),), nprocs=2)
            """)
        out, error = process.communicate(timeout=600)
        self.assertEqual(process.returncode, 0, error)
        results = []
        for rank in range(2):
            with open(os.path.join(self.folder, "rank%d.json" % rank)) as file:
                results.append(json.load(file))
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0][1], ["weight", "bias"])
        self.assertGreater(results[0][0], 50)
        captured = [(message["step"], message["name"]) for message in self.messages("tensor")]
        self.assertIn((0, "gradient/weight"), captured)
        self.assertEqual(len(captured), len(set(captured)), "both ranks told of the same tensor")


if __name__ == "__main__":
    unittest.main()
