namespace CoMiGS.Transport.TestKit;

/// <content>Many devices, repeats, and devices that go away.</content>
public abstract partial class TransportConformance
{
    [Fact]
    public Task Many_devices_at_once_each_get_their_own_answers()
    {
        var coordinator = new AnsweringCoordinator
        {
            OnCheckIn = async (checkIn, _) =>
            {
                await Task.Yield();
                return new RetryWindow(TimeSpan.Zero, TimeSpan.Zero, checkIn.Device);
            },
            OnDownload = (request, _) => Task.FromResult(Of(request.Device, (int)request.Version)),
            OnUpload = (update, _) => Task.FromResult(UpdateReceipt.Refuse(RefusalCode.Duplicate, $"{update.Device} {update.Attempt}")),
        };
        return WithServedAsync(coordinator, async transport =>
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(async number =>
            {
                var name = $"device {number}";
                var device = transport.Device(name);
                for (var turn = 1; turn <= 4; turn++)
                {
                    (await device.CheckInAsync(Sample.CheckIn(name))).Should().BeOfType<RetryWindow>().Which.Reason.Should().Be(name);
                    Bytes(await device.DownloadAsync(new DownloadRequest("run", name, turn))).Should().Equal(Bytes(Of(name, turn)), "it is what {0} asked for", name);
                    (await device.UploadAsync(Sample.Update(name, Of(name, turn), turn))).Reason.Should().Be($"{name} {turn}");
                }
            })).WaitAsync(Patience);
            coordinator.Heard.OfType<ExpertUpdate>().Should().AllSatisfy(
                update => Bytes(update.Tensors).Should().Equal(Bytes(Of(update.Device, update.Attempt)), "an update holds what its device sent"));
        });

        static TensorSet Of(string device, int version) => Sample.Tensors(2048, seed: (version * 100) + int.Parse(device.Split(' ')[1]));
    }

    [Fact]
    public Task One_device_may_make_several_calls_at_once()
    {
        var release = new TaskCompletionSource();
        var coordinator = new AnsweringCoordinator
        {
            OnCheckIn = async (_, connection) =>
            {
                await release.Task.WaitAsync(connection);
                return new RunFinished(1, 1);
            },
        };
        return WithServedAsync(coordinator, async transport =>
        {
            var device = transport.Device("anna");
            var held = device.CheckInAsync(Sample.CheckIn("anna"));

            await device.UploadAsync(Sample.Update("anna", Sample.Tensors(64, seed: 4))).WaitAsync(Patience);
            held.IsCompleted.Should().BeFalse();
            release.SetResult();

            (await held.WaitAsync(Patience)).Should().Be(new RunFinished(1, 1));
        });
    }

    [Fact]
    public Task A_repeated_attempt_is_the_same_update_and_gets_the_same_receipt()
    {
        var coordinator = new AnsweringCoordinator();
        return WithServedAsync(coordinator, async transport =>
        {
            var device = transport.Device("anna");
            var update = Sample.Update("anna", Sample.Tensors(300_000, seed: 5));

            var first = await device.UploadAsync(update).WaitAsync(Patience);
            var second = await device.UploadAsync(update).WaitAsync(Patience);

            second.Should().Be(first);
            coordinator.Heard.OfType<ExpertUpdate>().Select(heard => Convert.ToHexString(PayloadCodec.Encode(heard))).Distinct()
                .Should().ContainSingle("the coordinator sees one update, once or twice, and counts it once");
        });
    }

    [Fact]
    public Task A_check_in_that_its_device_withdraws_ends_at_both_ends()
    {
        var arrived = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        var coordinator = new AnsweringCoordinator { OnCheckIn = (_, connection) => HoldAsync<CheckInReply>(arrived, gone, connection) };
        return WithServedAsync(coordinator, async transport =>
        {
            using var withdraw = new CancellationTokenSource();
            var held = transport.Device("anna").CheckInAsync(Sample.CheckIn("anna"), withdraw.Token);
            await arrived.Task.WaitAsync(Patience);

            await withdraw.CancelAsync();

            await held.Invoking(call => call.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
            await gone.Task.WaitAsync(Patience);
        });
    }

    [Fact]
    public Task A_device_that_goes_away_while_its_update_is_taken_does_not_disturb_the_others()
    {
        var arrived = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        var coordinator = new AnsweringCoordinator
        {
            OnUpload = (update, connection) => update.Device == "anna" ? HoldAsync<UpdateReceipt>(arrived, gone, connection) : Task.FromResult(UpdateReceipt.Counted),
        };
        return WithServedAsync(coordinator, async transport =>
        {
            using var leave = new CancellationTokenSource();
            var held = transport.Device("anna").UploadAsync(Sample.Update("anna", Sample.Tensors(64, seed: 6)), leave.Token);
            await arrived.Task.WaitAsync(Patience);

            await leave.CancelAsync();
            await gone.Task.WaitAsync(Patience);

            await held.Invoking(call => call.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
            (await transport.Device("ben").UploadAsync(Sample.Update("ben", Sample.Tensors(64, seed: 7))).WaitAsync(Patience)).Should().Be(UpdateReceipt.Counted);
        });
    }

    [Fact]
    public Task A_call_that_was_cancelled_beforehand_sends_nothing()
    {
        var coordinator = new AnsweringCoordinator();
        return WithServedAsync(coordinator, async transport =>
        {
            var device = transport.Device("anna");
            var cancelled = new CancellationToken(canceled: true);

            await device.Invoking(d => d.CheckInAsync(Sample.CheckIn("anna"), cancelled)).Should().ThrowAsync<OperationCanceledException>();
            await device.Invoking(d => d.UploadAsync(Sample.Update("anna", TensorSet.Empty), cancelled)).Should().ThrowAsync<OperationCanceledException>();
            await device.Invoking(d => d.DownloadAsync(new DownloadRequest("run", "anna", 1), cancelled)).Should().ThrowAsync<OperationCanceledException>();
            coordinator.Heard.Should().BeEmpty();
        });
    }

    /// <summary>Waits for the connection to break, and says so.</summary>
    private static async Task<T> HoldAsync<T>(TaskCompletionSource arrived, TaskCompletionSource gone, CancellationToken connection)
    {
        arrived.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, connection);
        }
        finally
        {
            gone.TrySetResult();
        }

        throw new InvalidOperationException("An endless delay ended.");
    }
}
