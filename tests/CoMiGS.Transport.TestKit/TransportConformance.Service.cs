namespace CoMiGS.Transport.TestKit;

/// <content>Coordinators that come late, stop, fail, and come back.</content>
public abstract partial class TransportConformance
{
    [Fact]
    public async Task A_device_that_calls_before_anybody_serves_gets_through_once_somebody_does()
    {
        await using var transport = await StartAsync(PayloadLimits.Default);
        var early = transport.Device("anna").CheckInAsync(Sample.CheckIn("anna"));
        var wasEarly = !early.IsCompleted;
        await using var served = new Served(transport.Coordinator, new AnsweringCoordinator());

        wasEarly.Should().BeTrue();
        (await early.WaitAsync(Patience)).Should().Be(new RunFinished(1, 0));
    }

    [Fact]
    public async Task A_call_that_the_coordinator_holds_fails_when_it_stops_and_works_again_with_the_next()
    {
        await using var transport = await StartAsync(PayloadLimits.Default);
        var (arrived, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        var device = transport.Device("anna");
        Task<CheckInReply> held;
        await using (new Served(transport.Coordinator, new AnsweringCoordinator { OnCheckIn = (_, connection) => HoldAsync<CheckInReply>(arrived, gone, connection) }))
        {
            held = device.CheckInAsync(Sample.CheckIn("anna"));
            await arrived.Task.WaitAsync(Patience);
        }

        await held.Invoking(call => call.WaitAsync(Patience)).Should().ThrowAsync<TransportException>();
        await gone.Task.WaitAsync(Patience);
        await using var next = new Served(transport.Coordinator, new AnsweringCoordinator());

        (await device.CheckInAsync(Sample.CheckIn("anna")).WaitAsync(Patience)).Should().Be(new RunFinished(1, 0));
    }

    [Fact]
    public async Task What_one_coordinator_answered_is_forgotten_by_the_next()
    {
        await using var transport = await StartAsync(PayloadLimits.Default);
        var device = transport.Device("anna");
        var update = Sample.Update("anna", Sample.Tensors(64, seed: 8));
        await using (new Served(transport.Coordinator, new AnsweringCoordinator { OnDownload = (_, _) => Task.FromResult(Sample.Tensors(64, seed: 9)) }))
        {
            await device.UploadAsync(update).WaitAsync(Patience);
            await device.DownloadAsync(new DownloadRequest("run", "anna", 1)).WaitAsync(Patience);
        }

        var refusal = UpdateReceipt.Refuse(RefusalCode.RoundNotOpen, "Another life.");
        var second = new AnsweringCoordinator { OnUpload = (_, _) => Task.FromResult(refusal), OnDownload = (_, _) => Task.FromResult(Sample.Tensors(64, seed: 10)) };
        await using var next = new Served(transport.Coordinator, second);

        (await device.UploadAsync(update).WaitAsync(Patience)).Should().Be(refusal);
        Bytes(await device.DownloadAsync(new DownloadRequest("run", "anna", 1)).WaitAsync(Patience)).Should().Equal(Bytes(Sample.Tensors(64, seed: 10)));
    }

    [Fact]
    public async Task Two_coordinators_at_once_are_refused()
    {
        await using var transport = await StartAsync(PayloadLimits.Default);
        await using var served = new Served(transport.Coordinator, new AnsweringCoordinator());

        await transport.Coordinator.Invoking(second => second.ServeAsync(new AnsweringCoordinator(), CancellationToken.None))
            .Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public Task A_coordinator_that_fails_at_one_message_answers_the_next()
    {
        var fail = true;
        var coordinator = new AnsweringCoordinator
        {
            OnCheckIn = (_, _) => fail ? throw new InvalidOperationException("broken on purpose") : Task.FromResult<CheckInReply>(new RunFinished(1, 0)),
        };
        return WithServedAsync(coordinator, async transport =>
        {
            var device = transport.Device("anna");
            await device.Invoking(d => d.CheckInAsync(Sample.CheckIn("anna")).WaitAsync(Patience)).Should().ThrowAsync<Exception>();

            fail = false;

            (await device.CheckInAsync(Sample.CheckIn("anna")).WaitAsync(Patience)).Should().Be(new RunFinished(1, 0));
        });
    }
}
